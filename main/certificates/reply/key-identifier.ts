import { createHash } from "node:crypto";
import { bits, expectTag, octets, readAll, sequence, tags } from "../../keys/ber.ts";
import { certificateParts, extensionOf } from "../../keys/certificate-parts.ts";
import { DerError } from "../../pkcs11/der.ts";
import { extensionOids } from "../../x509/extension-oids.ts";

/**
 * The key identifier of a certificate: its subjectKeyIdentifier extension (RFC 5280 4.2.1.2), which other certificates
 * name it by, or the SHA-1 of its public key's bits, which most CAs make that extension of.
 * @throws DerError for something that is no certificate
 */
export const keyIdentifierOf = (der: Buffer): Buffer => {
  try {
    const told = extensionOf(der, extensionOids.subjectKeyIdentifier);
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
