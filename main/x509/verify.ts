import { constants, type KeyObject, type VerifyKeyObjectInput, verify } from "node:crypto";
import { promisify } from "node:util";
import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { algorithmFacts } from "./algorithms.ts";
import { hashLengths } from "./hashes.ts";

const verifyInThread = promisify<string | null, Buffer, VerifyKeyObjectInput, Buffer, boolean>(verify);

/**
 * Checks a signature in the form that X.509 has it in (ECDSA: DER), in a thread of its own: the token can make the next
 * one meanwhile.
 */
export const verifySigned = (
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  signed: Buffer,
  signature: Buffer,
): Promise<boolean> => {
  const { hash, pss } = algorithmFacts[algorithm];
  const padding = pss && hash ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: hashLengths[hash] } : {};
  return verifyInThread(hash, signed, { key, ...padding }, signature);
};
