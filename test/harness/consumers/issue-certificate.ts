import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  Name,
  RelativeDistinguishedName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
} from "@peculiar/asn1-x509";
import { derUnsigned } from "../../../main/pkcs11/der-write.ts";

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const commonName = "2.5.4.3";
const day = 86_400_000;

export const purposes = { client: "1.3.6.1.5.5.7.3.2", server: "1.3.6.1.5.5.7.3.1" } as const;

export interface Wanted {
  /** Common name of the subject. */
  name: string;
  /** SubjectPublicKeyInfo in DER. */
  spki: Buffer;
  /** Days from now at which it begins and ends. */
  from?: number;
  until?: number;
  /** Extended key usages; none: no such extension. */
  purposes?: readonly string[];
  ca?: boolean;
}

const nameOf = (text: string): Name =>
  new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: commonName, value: new AttributeValue({ utf8String: text }) }),
    ]),
  ]);

const extension = (extnID: string, critical: boolean, value: unknown): Extension =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });

const spkiOf = (key: KeyObject): Buffer => createPublicKey(key as never).export({ type: "spki", format: "der" });

/** A key identifier; any function of the key does (RFC 5280 4.2.1.2). */
const keyIdentifier = (spki: Buffer): ArrayBuffer => new Uint8Array(createHash("sha1").update(spki).digest()).buffer;

/**
 * An X.509 certificate (RFC 5280) signed with an EC P-256 key that is no token's. Other code than the app's, so that
 * programs and app are asked about certificates that the app did not make.
 * @returns DER
 */
export const issueCertificate = (issuer: { name: string; key: KeyObject }, wanted: Wanted): Buffer => {
  const serial = randomBytes(12);
  serial[0] = 0x40;
  const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 });
  const extensions = [
    extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(wanted.spki))),
    extension(
      id_ce_authorityKeyIdentifier,
      false,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(spkiOf(issuer.key))) }),
    ),
    extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: wanted.ca ?? false })),
    ...(wanted.purposes?.length
      ? [extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([...wanted.purposes]))]
      : []),
  ];
  const tbsCertificate = new TBSCertificate({
    version: 2,
    serialNumber: new Uint8Array(serial).buffer,
    signature: algorithm,
    issuer: nameOf(issuer.name),
    validity: new Validity({
      notBefore: new Date(Date.now() + (wanted.from ?? -1) * day),
      notAfter: new Date(Date.now() + (wanted.until ?? 365) * day),
    }),
    subject: nameOf(wanted.name),
    subjectPublicKeyInfo: AsnConvert.parse(wanted.spki, SubjectPublicKeyInfo),
    extensions: new Extensions(extensions),
  });
  const signed = Buffer.from(AsnConvert.serialize(tbsCertificate));
  const signatureValue = new Uint8Array(sign("sha256", signed, issuer.key)).buffer;
  return Buffer.from(
    AsnConvert.serialize(new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue })),
  );
};

/** DER of what PKCS#11 wants beside a certificate: CKA_SUBJECT, CKA_ISSUER and CKA_SERIAL_NUMBER (2.40, 4.6.3). */
export const namesOf = (der: Buffer): { subject: Buffer; issuer: Buffer; serial: Buffer } => {
  const { subject, issuer, serialNumber } = AsnConvert.parse(der, Certificate).tbsCertificate;
  return {
    subject: Buffer.from(AsnConvert.serialize(subject)),
    issuer: Buffer.from(AsnConvert.serialize(issuer)),
    serial: derUnsigned(Buffer.from(serialNumber)),
  };
};

export const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}/g, "$&\n").trim()}\n-----END CERTIFICATE-----\n`;

export interface Authority {
  /** Common name and key of the root that clients and servers trust, and its certificate. */
  name: string;
  key: KeyObject;
  der: Buffer;
  pem: string;
  /** A CA below the root, which nobody knows unless its certificate is sent along. */
  intermediate: { name: string; key: KeyObject; der: Buffer };
  /** For a server "localhost" of the root. */
  server: { key: string; pem: string };
}

const newKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { key: privateKey, spki: publicKey.export({ type: "spki", format: "der" }) };
};

/** A root with a new key, a CA below it, and a server's certificate. */
export const newAuthority = (): Authority => {
  const root = { name: "Consumers root", ...newKey() };
  const below = { name: "Consumers intermediate", ...newKey() };
  const server = newKey();
  const der = issueCertificate(root, { ...root, ca: true });
  return {
    name: root.name,
    key: root.key,
    der,
    pem: pemOf(der),
    intermediate: { name: below.name, key: below.key, der: issueCertificate(root, { ...below, ca: true }) },
    server: {
      key: server.key.export({ type: "pkcs8", format: "pem" }).toString(),
      pem: pemOf(issueCertificate(root, { name: "localhost", spki: server.spki, purposes: [purposes.server] })),
    },
  };
};
