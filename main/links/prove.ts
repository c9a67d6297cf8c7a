import { randomBytes } from "node:crypto";
import type { Handle } from "pkcs11js";
import type { Output } from "../../preload/contract/index.ts";
import type { PublicKey } from "../keys/public-key.ts";
import { hashFor, sign } from "../keys/sign.ts";
import { tokenMechanisms } from "../keys/token-mechanisms.ts";
import { softwareKey, verifyInSoftware } from "../keys/verify.ts";
import { findObject, objectWords, refOf } from "../objects/find-object.ts";
import type { OpenToken } from "../objects/open-token.ts";
import { toErrorData } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { couldBe } from "./group.ts";
import type { Member } from "./member.ts";
import type { Proof } from "./proofs.ts";

type Result = Output<"links.prove">["results"][number];

export interface Proving {
  library: Library;
  open: OpenToken;
  /** All public keys and certificates of the token. */
  candidates: readonly Member[];
  contextPin?: string | null | undefined;
  confirmation?: string | undefined;
}

/** Return values that speak of the PIN: after one of them no further key is tried, so that no PIN is sent twice. */
const aboutPin = /^(PIN_|CONFIRMATION_|LOGIN_)/;
export const endsProving = ({ error }: Result): boolean =>
  error !== null && (aboutPin.test(error.code) || /^CKR_PIN_|CKR_USER_/.test(error.rv ?? ""));

/**
 * Signs random bytes with a private key, and checks the signature in software with every different key that it could
 * be. The object that shares its CKA_ID has no advantage: that is what is to be proved.
 * @returns the result, and the proof if a signature was made
 */
export const prove = async (proving: Proving, key: Member): Promise<{ result: Result; proof: Proof | null }> => {
  const { library, open, candidates, contextPin, confirmation } = proving;
  const possible = candidates.filter((member) => couldBe(key, member));
  const distinct = new Map(
    possible.flatMap(({ object, publicKey }) => (publicKey ? [[object.keyHash ?? "", publicKey] as const] : [])),
  );
  if (key.publicKey && key.object.keyHash) distinct.set(key.object.keyHash, key.publicKey);
  const ref = refOf(key.object);
  const nothing = { key: ref, proved: false, mechanism: null, milliseconds: null, fits: [], fitsNot: [], error: null };
  const [sample] = distinct.values();
  if (!sample)
    return {
      result: {
        ...nothing,
        words: "There is no public key and no certificate of this kind on the token to check a signature with.",
      },
      proof: null,
    };
  try {
    const { handle } = findObject(library, open.session, ref);
    const { hashes, mechanism, milliseconds, unchecked } = await signAndCheck(proving, handle, sample, distinct, {
      contextPin,
      confirmation,
    });
    const fits = hashes[0] ?? null;
    const own = fits === null ? [] : possible.filter(({ object }) => object.keyHash === fits);
    const others = possible.filter(({ object }) => object.id !== "" && object.id === ref.id && object.keyHash !== fits);
    const result: Result = {
      ...nothing,
      mechanism,
      milliseconds,
      proved: own.length > 0,
      fits: own.map(({ object }) => refOf(object)),
      fitsNot: others.map(({ object }) => refOf(object)),
      words: wordsOf(own, fits, unchecked),
    };
    if (fits === null && unchecked > 0) return { result, proof: null };
    const fitsNot = new Set([...distinct.keys()].filter((hash) => hash !== fits));
    return { result, proof: { fits, fitsNot, mechanism, at: new Date() } };
  } catch (thrown) {
    const error = toErrorData(thrown, `test signature with the ${objectWords(ref)}`);
    return { result: { ...nothing, words: "No test signature was made.", error }, proof: null };
  }
};

const wordsOf = (own: readonly Member[], fits: string | null, unchecked: number): string => {
  if (own.length > 0) return `The signature fits ${own.map(({ object }) => objectWords(object)).join(", ")}.`;
  if (fits !== null)
    return "The signature fits the public key that the private key object shows; nothing else of it is on the token.";
  return unchecked > 0
    ? "The software here does not know the curve, so the signature could not be checked."
    : "The signature fits no public key and no certificate on this token.";
};

/** One signature in a session of its own, checked against all keys. */
const signAndCheck = async (
  { library, open }: Proving,
  key: Handle,
  sample: PublicKey,
  distinct: ReadonlyMap<string, PublicKey>,
  forUse: Pick<Proving, "contextPin" | "confirmation">,
): Promise<{ hashes: string[]; mechanism: string; milliseconds: number; unchecked: number }> => {
  const { handle: session } = library.newSession(open.token);
  try {
    const hash = hashFor(sample);
    const data = randomBytes(64);
    const mechanisms = tokenMechanisms(library, open.token);
    const signing = { session, key, publicKey: sample, hash, mechanisms, ...forUse };
    const { bytes, mechanism, milliseconds } = await sign(library, signing, data);
    let unchecked = 0;
    const hashes = [...distinct].flatMap(([name, publicKey]) => {
      const software = softwareKey(publicKey);
      if (!software) unchecked++;
      return software && verifyInSoftware(software, hash, data, bytes) ? [name] : [];
    });
    return { hashes, mechanism, milliseconds, unchecked };
  } finally {
    library.p11.C_CloseSession(session);
  }
};
