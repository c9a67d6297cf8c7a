import { DerError } from "../pkcs11/der.ts";
import { children, expectTag, type Node, readAll, sequence, tags } from "./ber.ts";
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

/** @returns null for something that is no certificate, or whose kind of key is not known. */
export const certificateKey = (certificate: Buffer): PublicKey | null => {
  try {
    return fromSpki(certificateParts(certificate).spki);
  } catch (thrown) {
    if (thrown instanceof DerError) return null;
    throw thrown;
  }
};
