import { isTrue, readAll, sequence } from "../keys/ber.ts";
import { extensionOf } from "../keys/certificate-parts.ts";
import { extensionOids } from "../x509/extension-oids.ts";

/** Whether a certificate may sign others: BasicConstraints (RFC 5280 4.2.1.9). One of version 1 says nothing: no. */
export const isCertificateAuthority = (certificate: Buffer): boolean => {
  try {
    const value = extensionOf(certificate, extensionOids.basicConstraints);
    return value !== null && isTrue(sequence(readAll(value), "BasicConstraints")[0]);
  } catch {
    return false;
  }
};
