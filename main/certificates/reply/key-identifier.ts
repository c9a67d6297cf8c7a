import { createHash } from "node:crypto";
import { bits, children, expectTag, octets, oidOf, readAll, sequence, tags } from "../../keys/ber.ts";
import { certificateParts } from "../../keys/certificate-parts.ts";
import { DerError } from "../../pkcs11/der.ts";

const subjectKeyIdentifier = "2.5.29.14";

/**
 * The key identifier of a certificate: its subjectKeyIdentifier extension (RFC 5280 4.2.1.2), which other certificates
 * name it by, or the SHA-1 of its public key's bits, which most CAs make that extension of.
 * @throws DerError for something that is no certificate
 */
export const keyIdentifierOf = (der: Buffer): Buffer => {
  try {
    const told = extensionOf(der, subjectKeyIdentifier);
    const identifier = told && octets(expectTag(readAll(told), tags.octetString, "a key identifier"));
    if (identifier && identifier.length > 0 && identifier.length <= 64) return identifier;
  } catch (thrown) {
    // A broken extension tells nothing; the key itself does.
    if (!(thrown instanceof DerError)) throw thrown;
  }
  const [, key] = sequence(readAll(certificateParts(der).spki), "SubjectPublicKeyInfo");
  return createHash("sha1")
    .update(bits(expectTag(key, tags.bitString, "a public key")))
    .digest();
};

/** The value of an extension (RFC 5280 4.1.2.9), without the OCTET STRING around it; null if it is not there. */
export const extensionOf = (der: Buffer, oid: string): Buffer | null => {
  const [body] = sequence(readAll(der), "Certificate");
  const list = children(expectTag(body, tags.sequence, "TBSCertificate")).find(({ tag }) => tag === 0xa3);
  if (!list) return null;
  for (const extension of sequence(children(list)[0], "Extensions")) {
    const parts = sequence(extension, "an extension");
    if (oidOf(parts[0], "an extension's name") !== oid) continue;
    return octets(expectTag(parts.at(-1), tags.octetString, "an extension's value"));
  }
  return null;
};
