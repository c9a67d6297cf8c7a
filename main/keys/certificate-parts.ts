import { DerError } from "../pkcs11/der.ts";
import { children, expectTag, type Node, octets, oidOf, readAll, sequence, tags } from "./ber.ts";
import { fromSpki, type PublicKey } from "./public-key.ts";

/** Parts of an X.509 certificate as the very bytes that are in it: re-encoding could change them. */
export interface CertificateParts {
  /** INTEGER element, as CKA_SERIAL_NUMBER wants it (PKCS#11 2.40, 4.6.3). */
  serialNumber: Buffer;
  issuer: Buffer;
  subject: Buffer;
  spki: Buffer;
}

/** Walks TBSCertificate (RFC 5280 4.1). @throws DerError if the bytes are not a certificate */
export const certificateParts = (certificate: Buffer): CertificateParts => {
  const [body, algorithm, signature] = sequence(readAll(certificate), "Certificate");
  expectTag(algorithm, tags.sequence, "the signature's algorithm");
  expectTag(signature, tags.bitString, "the signature");
  const fields = children(expectTag(body, tags.sequence, "TBSCertificate"));
  // version is [0] and left out in version 1.
  const [serial, , issuer, , subject, spki] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  const raw = (node: Node | undefined, tag: number, what: string) => expectTag(node, tag, what).raw;
  return {
    serialNumber: raw(serial, tags.integer, "a serial number"),
    issuer: raw(issuer, tags.sequence, "an issuer"),
    subject: raw(subject, tags.sequence, "a subject"),
    spki: raw(spki, tags.sequence, "a public key"),
  };
};

/**
 * The value of an extension (RFC 5280 4.1.2.9), without the OCTET STRING around it; null if it is not there.
 * @throws DerError
 */
export const extensionOf = (certificate: Buffer, oid: string): Buffer | null => {
  const [body] = sequence(readAll(certificate), "Certificate");
  const list = children(expectTag(body, tags.sequence, "TBSCertificate")).find(({ tag }) => tag === 0xa3);
  if (!list) return null;
  for (const extension of sequence(children(list)[0], "Extensions")) {
    const parts = sequence(extension, "an extension");
    if (oidOf(parts[0], "an extension's name") !== oid) continue;
    return octets(expectTag(parts.at(-1), tags.octetString, "an extension's value"));
  }
  return null;
};

/** @returns null for something that is no certificate, or whose kind of key is not known. */
export const certificateKey = (certificate: Buffer): PublicKey | null => {
  try {
    return fromSpki(certificateParts(certificate).spki);
  } catch (thrown) {
    if (thrown instanceof DerError) return null;
    throw thrown;
  }
};
