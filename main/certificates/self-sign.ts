import { randomBytes } from "node:crypto";
import { tags } from "../keys/ber.ts";
import { type PublicKey, toSpki } from "../keys/public-key.ts";
import { ecdsaToDer, type Hash } from "../keys/sign.ts";
import { der, derBits, derOid, derUnsigned } from "../pkcs11/der-write.ts";
import { selfSignedExtensions } from "./extensions.ts";

/** AlgorithmIdentifiers of signatures (RFC 4055, RFC 5758, RFC 8410). */
const signatureAlgorithms: Record<string, { oid: string; parameters: Buffer }> = {
  RSA: { oid: "1.2.840.113549.1.1.11", parameters: der(tags.null) },
  "EC sha256": { oid: "1.2.840.10045.4.3.2", parameters: Buffer.alloc(0) },
  "EC sha384": { oid: "1.2.840.10045.4.3.3", parameters: Buffer.alloc(0) },
  "EC sha512": { oid: "1.2.840.10045.4.3.4", parameters: Buffer.alloc(0) },
  Ed25519: { oid: "1.3.101.112", parameters: Buffer.alloc(0) },
};

const signatureAlgorithm = (key: PublicKey, hash: Hash): Buffer => {
  const found = signatureAlgorithms[key.type === "EC" ? `EC ${hash}` : key.type];
  if (!found) throw new Error(`${key.type} keys do not sign`);
  return der(tags.sequence, derOid(found.oid), found.parameters);
};

export interface SelfSigned {
  publicKey: PublicKey;
  hash: Hash;
  /** DER of the subject, which is the issuer too. */
  name: Buffer;
  notBefore: Date;
  notAfter: Date;
  ca: boolean;
}

/** TBSCertificate, version 3 (RFC 5280 4.1.2): what is to be signed. The serial number is random, as CAs must make it. */
export const toBeSigned = ({ publicKey, hash, name, notBefore, notAfter, ca }: SelfSigned): Buffer => {
  const serial = randomBytes(16);
  // Neither negative nor zero, and always of the same length.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return der(
    tags.sequence,
    der(0xa0, Buffer.from([0x02, 0x01, 0x02])),
    derUnsigned(serial),
    signatureAlgorithm(publicKey, hash),
    name,
    der(tags.sequence, time(notBefore), time(notAfter)),
    name,
    toSpki(publicKey),
    selfSignedExtensions(publicKey, ca),
  );
};

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5). */
const time = (date: Date): Buffer => {
  const digits = `${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
};

/** Certificate from what was signed and the signature as a token gives it. */
export const certificateFrom = (signed: Buffer, signature: Buffer, { publicKey, hash }: SelfSigned): Buffer =>
  der(
    tags.sequence,
    signed,
    signatureAlgorithm(publicKey, hash),
    derBits(publicKey.type === "EC" ? ecdsaToDer(signature) : signature),
  );
