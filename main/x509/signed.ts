import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { tags } from "../keys/ber.ts";
import { der, derBits } from "../pkcs11/der-write.ts";
import { algorithmIdentifier } from "./algorithms.ts";

/*
 * The frames around names, keys, extensions and signatures are written here as bytes and not with the library's
 * structures: what is signed must have the very bytes of the subject and the key, which reading and writing them
 * again could change, and writing a request takes the library ten times as long as signing it.
 */

/** Certificate, CertificationRequest or CertificateList: what was signed, how, and the signature (RFC 5280 4.1, RFC 2986 4.2). */
export const signedStructure = (toBeSigned: Buffer, algorithm: SignatureAlgorithm, signature: Buffer): Buffer =>
  der(tags.sequence, toBeSigned, algorithmIdentifier(algorithm), derBits(signature));

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5). Parts of a second are left out. */
export const derTime = (date: Date): Buffer => {
  const digits = `${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
};
