/* Names that the window shows too: without zod, which the window does not load. */

/** Alternative names: DNS name, IP address, e-mail address, URI, and the User Principal Name of a Windows login. */
export const alternativeNameTypes = ["dns", "ip", "email", "uri", "upn"] as const;

/** Bits of KeyUsage by their names in RFC 5280 4.2.1.3, in its order. */
export const keyUsages = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

/** CRLReason (RFC 5280 5.3.1) by name. `removeFromCRL` stands in lists of changes only. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

/** Purposes that have a name here; any other is written as a dotted OID. */
export const extendedKeyUsageOids = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  OCSPSigning: "1.3.6.1.5.5.7.3.9",
  smartcardLogon: "1.3.6.1.4.1.311.20.2.2",
  ipsecIKE: "1.3.6.1.5.5.7.3.17",
  anyExtendedKeyUsage: "2.5.29.37.0",
} as const;
