import { keyUsages } from "../../preload/contract/certificate-names.ts";
import type { CertificateKeyUsage } from "../../preload/contract/certificate-profile.ts";
import { DerError } from "../pkcs11/der.ts";
import { extensionOids } from "../x509/extension-oids.ts";
import { bits, expectTag, readAll, tags } from "./ber.ts";
import { extensionOf } from "./certificate-parts.ts";

/** What a certificate's KeyUsage (RFC 5280 4.2.1.3) allows its key; null without that extension. @throws DerError */
export const keyUsage = (certificate: Buffer): CertificateKeyUsage[] | null => {
  const value = extensionOf(certificate, extensionOids.keyUsage);
  if (!value) return null;
  const bytes = bits(expectTag(readAll(value), tags.bitString, "KeyUsage"));
  return keyUsages.filter((_name, i) => ((bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0);
};

/** As {@link keyUsage}; null also for what cannot be read. */
export const certificateUsage = (certificate: Buffer): CertificateKeyUsage[] | null => {
  try {
    return keyUsage(certificate);
  } catch (thrown) {
    if (thrown instanceof DerError) return null;
    throw thrown;
  }
};
