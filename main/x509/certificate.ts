import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { tags } from "../keys/ber.ts";
import { der, derUnsigned } from "../pkcs11/der-write.ts";
import { algorithmIdentifier } from "./algorithms.ts";
import { derTime } from "./signed.ts";

const version3 = Buffer.from([0xa0, 0x03, 0x02, 0x01, 0x02]);

export interface CertificateParts {
  /** Unsigned, big-endian, at most 20 octets (RFC 5280 4.1.2.2). */
  serialNumber: Buffer;
  algorithm: SignatureAlgorithm;
  /** DER of the Names. */
  issuer: Buffer;
  subject: Buffer;
  notBefore: Date;
  notAfter: Date;
  /** DER of the SubjectPublicKeyInfo. */
  spki: Buffer;
  /** DER of each Extension. */
  extensions: Buffer[];
}

/** TBSCertificate, version 3 (RFC 5280 4.1.2): what is to be signed. */
export const certificateToBeSigned = (parts: CertificateParts): Buffer =>
  der(
    tags.sequence,
    version3,
    derUnsigned(parts.serialNumber),
    algorithmIdentifier(parts.algorithm),
    parts.issuer,
    der(tags.sequence, derTime(parts.notBefore), derTime(parts.notAfter)),
    parts.subject,
    parts.spki,
    ...(parts.extensions.length > 0 ? [der(0xa3, der(tags.sequence, ...parts.extensions))] : []),
  );
