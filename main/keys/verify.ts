import { constants, createPublicKey, type KeyObject, publicEncrypt, verify as verifySignature } from "node:crypto";
import type { Hash } from "../x509/hashes.ts";
import { type PublicKey, toSpki } from "./public-key.ts";

/** @returns the key for node:crypto, or null where its build does not know the curve (Electron's lacks Brainpool). */
export const softwareKey = (publicKey: PublicKey): KeyObject | null => {
  try {
    return createPublicKey({ key: toSpki(publicKey), format: "der", type: "spki" });
  } catch {
    return null;
  }
};

/** Checks a signature as a token gives it (ECDSA: r and s side by side) without the token. */
export const verifyInSoftware = (key: KeyObject, hash: Hash, data: Buffer, signature: Buffer): boolean =>
  key.asymmetricKeyType === "ed25519"
    ? verifySignature(null, data, key, signature)
    : verifySignature(hash, data, { key, dsaEncoding: "ieee-p1363" }, signature);

/** Encrypts for a private RSA key on the token, PKCS#1 v1.5 or OAEP with SHA-1 (the one OAEP that all tokens have). */
export const encryptInSoftware = (key: KeyObject, data: Buffer, padding: "pkcs1" | "oaep"): Buffer =>
  publicEncrypt(
    padding === "pkcs1"
      ? { key, padding: constants.RSA_PKCS1_PADDING }
      : { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" },
    data,
  );
