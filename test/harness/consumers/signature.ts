import { createPublicKey, verify, X509Certificate } from "node:crypto";
import type { Question } from "./ask.ts";

/** What programs are given to sign. */
export const message = Buffer.from("Signed to tell whether the key works.\n");

/** Whether a signature over `data` is of the key asked about: SHA-256 with PKCS#1 v1.5 or ECDSA in DER, or Ed25519. */
export const isSignedBy = ({ key }: Question, data: Buffer, signature: Buffer): boolean => {
  const publicKey = createPublicKey({ key: key.spki, format: "der", type: "spki" });
  try {
    return verify(key.type === "Ed25519" ? null : "sha256", data, publicKey, signature);
  } catch {
    return false;
  }
};

/** Whether a certificate, in DER or PEM, is for the key asked about. */
export const isCertificateOf = ({ key }: Question, certificate: Buffer | string): boolean => {
  try {
    return new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" }).equals(key.spki);
  } catch {
    return false;
  }
};
