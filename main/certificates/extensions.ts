import { createHash } from "node:crypto";
import { type PublicKey, subjectPublicKey } from "../keys/public-key.ts";
import { der, derOid } from "../pkcs11/der-write.ts";

/** One extension (RFC 5280 4.2). @param value DER of its content */
const extension = (oid: string, critical: boolean, value: Buffer): Buffer =>
  der(0x30, derOid(oid), ...(critical ? [Buffer.from([0x01, 0x01, 0xff])] : []), der(0x04, value));

/** Key identifier by RFC 5280 4.2.1.2 (1): SHA-1 of the content of the subjectPublicKey. */
const subjectKeyIdentifier = (subjectPublicKey: Buffer): Buffer =>
  extension("2.5.29.14", false, der(0x04, createHash("sha1").update(subjectPublicKey).digest()));

const basicConstraints = (ca: boolean): Buffer =>
  extension("2.5.29.19", true, ca ? der(0x30, Buffer.from([0x01, 0x01, 0xff])) : der(0x30));

/** Bits of KeyUsage (RFC 5280 4.2.1.3), first bit highest. */
const usages = {
  digitalSignature: { byte: 0x80, unused: 7 },
  keyCertSignAndCrlSign: { byte: 0x06, unused: 1 },
} as const;

const keyUsage = ({ byte, unused }: (typeof usages)[keyof typeof usages]): Buffer =>
  extension("2.5.29.15", true, der(0x03, Buffer.from([unused, byte])));

/** Extensions of a self-signed certificate: for a CA, or for a key that signs in its own name. */
export const selfSignedExtensions = (key: PublicKey, ca: boolean): Buffer =>
  der(
    0xa3,
    der(
      0x30,
      basicConstraints(ca),
      keyUsage(ca ? usages.keyCertSignAndCrlSign : usages.digitalSignature),
      subjectKeyIdentifier(subjectPublicKey(key)),
    ),
  );
