import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { alwaysAuthenticates, offeredWay, type Signature, sign, signAtOnce, signingWay } from "../keys/sign.ts";
import { verifyByModule } from "../keys/test-signature.ts";
import { softwareKey } from "../keys/verify.ts";
import { failure } from "../pkcs11/failure.ts";
import { algorithmFacts, usualAlgorithm, whyNotWith } from "../x509/algorithms.ts";
import { checkMany } from "../x509/check-thread.ts";
import { ecdsaToDer } from "../x509/ecdsa-signature.ts";
import { verifySigned } from "../x509/verify.ts";
import type { FoundKey, SigningKey } from "./signing-key.ts";

export interface TokenSignature {
  /** As X.509 has it: ECDSA as Ecdsa-Sig-Value in DER, others as the token gives them. */
  signature: Buffer;
  /** CKM_ name. */
  mechanism: string;
  milliseconds: number;
  /** Who checked it with the public key: the module, where the software does not know the curve. */
  verifiedBy: "software" | "module";
}

/** A key, ready to sign with one algorithm as often as wanted. */
export interface TokenSigner {
  algorithm: SignatureAlgorithm;
  /** CKA_ALWAYS_AUTHENTICATE: every signature needs the PIN. */
  always: boolean;
  /**
   * One signature, not yet checked: what is signed is hashed here or on the token.
   * @throws Failure PIN_NEEDED, PIN failures of the context-specific login; Pkcs11Error
   */
  sign(toBeSigned: Buffer): Promise<UncheckedSignature>;
  /** Several in this thread, for quick tokens. Not where `always` is true. */
  signAtOnce(all: Buffer[]): UncheckedSignature[];
  /** Checks a signature with the public key. @throws Failure TEST_SIGNATURE_FAILED */
  check(toBeSigned: Buffer, made: UncheckedSignature): Promise<TokenSignature>;
  /** The same for many, in another thread where software checks. @throws Failure TEST_SIGNATURE_FAILED */
  checkMany(all: { toBeSigned: Buffer; unchecked: UncheckedSignature }[]): Promise<void>;
}

export interface UncheckedSignature {
  signature: Buffer;
  made: Signature;
}

/**
 * Prepares signing in the form that certificates, requests and lists have signatures in.
 * @throws Failure NOT_OFFERED where such a key cannot make such a signature; TEST_SIGNATURE_FAILED where nobody could
 * check one: that the private and the public key are a pair is only a claim until then
 */
export const tokenSigner = (signing: SigningKey, algorithm: SignatureAlgorithm): TokenSigner => {
  const { library, words, publicKey, publicObject, session, key } = signing;
  const unfit = whyNotWith(algorithm, publicKey);
  if (unfit !== null) throw notOffered(words, algorithm, unfit);
  const { keyType, hash, pss } = algorithmFacts[algorithm];
  const software = softwareKey(publicKey);
  if (!software && publicObject === null) throw unprovable(words);
  const always = alwaysAuthenticates(library, session, key);
  // Ed25519 hashes itself; the field is then of no use.
  const kind = { publicKey, hash: hash ?? "sha256", pss };
  const way = signingWay(kind, signing.mechanisms);
  const inForm = (made: Signature): UncheckedSignature => ({
    signature: keyType === "EC" ? ecdsaToDer(made.bytes) : made.bytes,
    made,
  });
  const check = async (toBeSigned: Buffer, { signature, made }: UncheckedSignature): Promise<TokenSignature> => {
    const fits = software
      ? await verifySigned(algorithm, software, toBeSigned, signature)
      : publicObject !== null && verifyByModule(library, session, publicObject, made);
    const { mechanism, milliseconds } = made;
    if (!fits) throw notThePair(words, mechanism);
    return { signature, mechanism, milliseconds, verifiedBy: software ? "software" : "module" };
  };
  return {
    algorithm,
    always,
    sign: async (toBeSigned) => inForm(await sign(library, { ...signing, ...kind, always }, toBeSigned)),
    signAtOnce: (all) => signAtOnce(library, signing, way, all).map(inForm),
    check,
    checkMany: async (all) => {
      if (!software) for (const { toBeSigned, unchecked } of all) await check(toBeSigned, unchecked);
      else {
        const signed = all.map(({ toBeSigned, unchecked: { signature } }) => ({ toBeSigned, signature }));
        const wrong = all[await checkMany(algorithm, software, signed)];
        if (wrong) throw notThePair(words, wrong.unchecked.made.mechanism);
      }
    },
  };
};

/**
 * One signature with a key on the token, checked with the public key before it is handed out.
 * @param toBeSigned the DER whose signature is wanted
 * @throws Failure NOT_OFFERED, PIN_NEEDED, PIN failures of the context-specific login, TEST_SIGNATURE_FAILED; Pkcs11Error
 */
export const signWithToken = async (
  signing: SigningKey,
  algorithm: SignatureAlgorithm,
  toBeSigned: Buffer,
): Promise<TokenSignature> => {
  const signer = tokenSigner(signing, algorithm);
  return signer.check(toBeSigned, await signer.sign(toBeSigned));
};

/** @returns the mechanism that an algorithm would be made with, or why it cannot be. */
export const algorithmOffer = (
  { publicKey, mechanisms }: Pick<FoundKey, "publicKey" | "mechanisms">,
  algorithm: SignatureAlgorithm,
): { mechanism: string; why: null } | { mechanism: null; why: string } => {
  const why = whyNotWith(algorithm, publicKey);
  if (why !== null) return { mechanism: null, why };
  const { hash, pss } = algorithmFacts[algorithm];
  const way = offeredWay({ publicKey, hash: hash ?? "sha256", pss }, mechanisms);
  return way ? { mechanism: way.name, why: null } : { mechanism: null, why: "is not in the token's mechanism list" };
};

/** The algorithm that was asked for, or the usual one of the key. @throws Failure NOT_OFFERED for keys that do not sign */
export const chosenAlgorithm = (
  { publicKey, words }: Pick<FoundKey, "publicKey" | "words">,
  wanted: SignatureAlgorithm | undefined,
): SignatureAlgorithm => {
  const algorithm = wanted ?? usualAlgorithm(publicKey);
  if (algorithm === null) throw notOffered(words, "A signature", `cannot be made by ${publicKey.type} keys`);
  return algorithm;
};

const notOffered = (where: string, algorithm: string, why: string) =>
  failure("NOT_OFFERED", {
    where,
    message: `${algorithm} ${why}.`,
    remedy: "Choose another algorithm or another key; certificates.offer lists what this key can sign with.",
  });

const unprovable = (where: string) =>
  failure("TEST_SIGNATURE_FAILED", {
    where,
    message:
      "The signature cannot be checked: the software does not know the curve, and the token has no public key object with this CKA_ID that could. Nothing was made.",
    remedy: "Write the public key to the token, with the CKA_ID of the private key.",
  });

const notThePair = (where: string, mechanism: string) =>
  failure("TEST_SIGNATURE_FAILED", {
    where,
    message: `The token's signature (${mechanism}) does not fit the public key: they are not a pair. Nothing was made.`,
    remedy: "Find the right public key, and give it the CKA_ID of the private key, or hand it over with the request.",
  });
