import { constants, type KeyObject, type VerifyKeyObjectInput, verify } from "node:crypto";
import { promisify } from "node:util";
import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { algorithmFacts } from "./algorithms.ts";
import { type Hash, hashLengths } from "./hashes.ts";

/** What node:crypto is told beside the key. */
export interface VerifyOptions {
  hash: Hash | null;
  options: { padding?: number; saltLength?: number };
}

export const verifyOptions = (algorithm: SignatureAlgorithm): VerifyOptions => {
  const { hash, pss } = algorithmFacts[algorithm];
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING };
  return { hash, options: pss && hash ? { ...padding, saltLength: hashLengths[hash] } : {} };
};

const verifyInThread = promisify<string | null, Buffer, VerifyKeyObjectInput, Buffer, boolean>(verify);

/** Checks a signature in the form that X.509 has it in (ECDSA: DER), without standing in anybody's way. */
export const verifySigned = (
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  signed: Buffer,
  signature: Buffer,
): Promise<boolean> => {
  const { hash, options } = verifyOptions(algorithm);
  return verifyInThread(hash, signed, { key, ...options }, signature);
};
