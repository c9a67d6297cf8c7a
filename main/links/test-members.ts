import { createHash } from "node:crypto";
import type { LinkObject } from "../../preload/contract/links.ts";
import type { PublicKey } from "../keys/public-key.ts";
import type { Member } from "./member.ts";

/** Members for the unit tests of this folder: everything as it should be, but for what is given. */
export interface Wanted {
  id?: string;
  label?: string;
  /** A name for the key: members with the same name have the same key. null: the object shows none. */
  hash?: string | null;
  keyType?: string;
  size?: number;
  curve?: string | null;
  flags?: string[];
  private?: boolean;
  notBefore?: string;
  notAfter?: string;
  publicKey?: PublicKey;
  certificate?: Partial<NonNullable<Member["certificate"]>>;
}

export const member = (handle: string, name: LinkObject["class"], wanted: Wanted = {}): Member => {
  const { id = "01", label = "key", hash = "a", keyType = "RSA", curve = null } = wanted;
  const digest = createHash("sha256")
    .update(hash ?? "")
    .digest();
  const modulus = Buffer.concat(Array<Buffer>(8).fill(digest));
  modulus[0] = 0x80;
  return {
    object: {
      handle,
      class: name,
      className: "CKO",
      label,
      labelHex: null,
      id,
      keyType,
      size: wanted.size ?? 2048,
      curve,
      flags: wanted.flags ?? (name === "privateKey" ? ["private", "sensitive", "sign"] : []),
      subject: name === "certificate" ? `CN=${label}` : null,
      issuer: name === "certificate" ? "CN=CA" : null,
      serialNumber: null,
      notBefore: wanted.notBefore ?? "2020-01-01T00:00:00Z",
      notAfter: wanted.notAfter ?? "2090-01-01T00:00:00Z",
      application: null,
      onToken: true,
      private: wanted.private ?? name === "privateKey",
      modifiable: true,
      devicesOwn: false,
      unreadable: [],
      uri: "pkcs11:",
      keyHash: hash,
    },
    publicKey: wanted.publicKey ?? (hash === null ? null : { type: "RSA", modulus, exponent: Buffer.from([1, 0, 1]) }),
    certificate:
      name === "certificate"
        ? {
            bytes: Buffer.alloc(0),
            subject: label,
            issuer: "CA",
            signatureAlgorithm: "1.2.840.113549.1.1.11",
            keyAlgorithm: "1.2.840.113549.1.1.1",
            extendedKeyUsage: null,
            ca: false,
            subjectKeyId: null,
            authorityKeyId: null,
            ...wanted.certificate,
          }
        : null,
    trusted: null,
    missing: [],
  };
};

export const privateKey = (handle: string, wanted?: Wanted) => member(handle, "privateKey", wanted);
export const publicKey = (handle: string, wanted?: Wanted) => member(handle, "publicKey", wanted);
export const certificate = (handle: string, wanted?: Wanted) => member(handle, "certificate", wanted);
