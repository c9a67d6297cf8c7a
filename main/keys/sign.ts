import { createHash } from "node:crypto";
import type { Handle, Mechanism } from "pkcs11js";
import pkcs11js from "pkcs11js";
import { der, derOid } from "../pkcs11/der-write.ts";
import { Failure, failure, toErrorData } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { mechanismName } from "../pkcs11/names-tokens-mechanisms.ts";
import { contextLogin } from "../tokens/context-login.ts";
import { type Hash, hashLengths, hashOids } from "../x509/hashes.ts";
import { tags } from "./ber.ts";
import { hashForBits } from "./curves.ts";
import { CKM_EDDSA } from "./numbers.ts";
import type { PublicKey } from "./public-key.ts";
import type { TokenMechanism } from "./token-mechanisms.ts";

/** The mechanisms that hash and sign at once; CKM_ and CKG_ numbers of the hash and of MGF1 with it, for PSS. */
interface Digest {
  rsa: number;
  pss: number;
  ecdsa: number;
  hash: number;
  mask: number;
}

const digests: Record<Hash, Digest> = {
  sha256: {
    rsa: pkcs11js.CKM_SHA256_RSA_PKCS,
    pss: pkcs11js.CKM_SHA256_RSA_PKCS_PSS,
    ecdsa: pkcs11js.CKM_ECDSA_SHA256,
    hash: pkcs11js.CKM_SHA256,
    mask: pkcs11js.CKG_MGF1_SHA256,
  },
  sha384: {
    rsa: pkcs11js.CKM_SHA384_RSA_PKCS,
    pss: pkcs11js.CKM_SHA384_RSA_PKCS_PSS,
    ecdsa: pkcs11js.CKM_ECDSA_SHA384,
    hash: pkcs11js.CKM_SHA384,
    mask: pkcs11js.CKG_MGF1_SHA384,
  },
  sha512: {
    rsa: pkcs11js.CKM_SHA512_RSA_PKCS,
    pss: pkcs11js.CKM_SHA512_RSA_PKCS_PSS,
    ecdsa: pkcs11js.CKM_ECDSA_SHA512,
    hash: pkcs11js.CKM_SHA512,
    mask: pkcs11js.CKG_MGF1_SHA512,
  },
};

/** SHA-256 for RSA; for a curve {@link hashForBits}. Ed25519 hashes itself. */
export const hashFor = (key: PublicKey): Hash => (key.type === "EC" ? hashForBits(key.curve.bits) : "sha256");

export interface Signing {
  /** A session of the caller's own: a signature is an operation that others must not step into. */
  session: Handle;
  key: Handle;
  /** The public key to it: decides mechanism and form. */
  publicKey: PublicKey;
  hash: Hash;
  /** RSA-PSS, MGF1 with the same hash and a salt of its length, instead of PKCS#1 v1.5. */
  pss?: boolean;
  mechanisms: Map<number, TokenMechanism>;
  /** CKA_ALWAYS_AUTHENTICATE, where it was read already. */
  always?: boolean;
  /** For CKA_ALWAYS_AUTHENTICATE: the PIN for this one use, null for the reader's PIN pad. */
  contextPin?: string | null | undefined;
  /** The typed text that the last try of that PIN wants. */
  confirmation?: string | undefined;
}

export interface Signature {
  /** As the token gives it: r and s side by side for ECDSA. */
  bytes: Buffer;
  mechanism: string;
  /** What was handed to C_SignInit, and to C_Sign: the data, its hash, or a DigestInfo. */
  used: Mechanism;
  input: Buffer;
  milliseconds: number;
}

/**
 * Signs with a key on the token: RSA PKCS#1 v1.5 or PSS, ECDSA or Ed25519. For RSA the token hashes if it can; for ECDSA
 * hashing is done here, since bare CKM_ECDSA is what every token with curves has.
 * @throws Failure PIN_NEEDED for an always-authenticate key without `contextPin`; CONFIRMATION_NEEDED at its last try;
 * NOT_OFFERED; Pkcs11Error
 */
export const sign = async (library: Library, signing: Signing, data: Buffer): Promise<Signature> => {
  const { session, key } = signing;
  const always = signing.always ?? alwaysAuthenticates(library, session, key);
  if (always && signing.contextPin === undefined)
    throw failure("PIN_NEEDED", {
      where: "C_Sign",
      message: "This key asks for the PIN at each use (CKA_ALWAYS_AUTHENTICATE).",
      remedy: "Give the user PIN for this one use.",
    });
  const way = signingWay(signing, signing.mechanisms);
  const input = way.input(data);
  const started = performance.now();
  const bytes = await signBeside(library, { ...signing, always }, way.mechanism, input);
  return {
    bytes,
    mechanism: way.name,
    used: way.mechanism,
    input,
    milliseconds: Math.round((performance.now() - started) * 10) / 10,
  };
};

/**
 * Several at once in this thread, for tokens whose signature takes less time than handing it to another, and for keys
 * that need no PIN for each use. `milliseconds` of each is its share.
 */
export const signAtOnce = (
  library: Library,
  { session, key }: Pick<Signing, "session" | "key">,
  way: SigningWay,
  data: Buffer[],
): Signature[] => {
  const inputs = data.map(way.input);
  const started = performance.now();
  const all = library.asOne("C_SignInit and C_Sign", () =>
    inputs.map((input) => {
      library.p11.C_SignInit(session, way.mechanism, key);
      return signHere(library, session, input, way.name);
    }),
  );
  const milliseconds = (performance.now() - started) / Math.max(1, data.length);
  return all.map((bytes, i) => ({
    bytes,
    mechanism: way.name,
    used: way.mechanism,
    input: inputs[i] ?? bytes,
    milliseconds,
  }));
};

/** With the PIN for this use, and C_Sign in a thread of its own where the module allows it: RSA takes seconds on a card. */
const signBeside = async (
  library: Library,
  { session, key, always, contextPin, confirmation }: Signing,
  used: Mechanism,
  input: Buffer,
): Promise<Buffer> => {
  const { p11, threads } = library;
  const mechanism = mechanismName(used.mechanism);
  p11.C_SignInit(session, used, key);
  // PKCS#11 2.40, C_Login: between C_SignInit and C_Sign.
  if (always && contextPin !== undefined) contextLogin(library, session, contextPin, confirmation);
  if (!threads) return signHere(library, session, input, mechanism);
  try {
    return Buffer.from(await p11.C_SignAsync(session, input, Buffer.alloc(1024)));
  } catch (thrown) {
    throw new Failure(toErrorData(thrown, `C_Sign with ${mechanism}`));
  }
};

/** Where a signature is put before it is copied; no token has RSA keys of more than 8192 bits. */
const space = Buffer.alloc(1024);

const signHere = ({ p11 }: Library, session: Handle, input: Buffer, mechanism: string): Buffer => {
  try {
    return Buffer.from(p11.C_Sign(session, input, space));
  } catch (thrown) {
    throw new Failure(toErrorData(thrown, `C_Sign with ${mechanism}`));
  }
};

/** CKA_ALWAYS_AUTHENTICATE; a module that does not know the attribute has no such keys. */
export const alwaysAuthenticates = (library: Library, session: Handle, key: Handle): boolean => {
  try {
    const [attribute] = library.p11.C_GetAttributeValue(session, key, [{ type: pkcs11js.CKA_ALWAYS_AUTHENTICATE }]);
    return attribute?.value[0] === 1;
  } catch {
    return false;
  }
};

/** Whether a token's mechanism list has one that signs. A list without flags is taken at its word. */
const signsWith = (mechanisms: Signing["mechanisms"], type: number): boolean => {
  const entry = mechanisms.get(type);
  return entry !== undefined && (entry.flags === null || (entry.flags & pkcs11js.CKF_SIGN) !== 0);
};

type Kind = Pick<Signing, "publicKey" | "hash" | "pss">;

interface Way {
  mechanism: Mechanism;
  input: (data: Buffer) => Buffer;
}

/** How one kind of signature is made on a token: with the token hashing, or from what is hashed (and framed) here. */
export interface SigningWay extends Way {
  /** CKM_ name. */
  name: string;
}

const asItIs = (data: Buffer): Buffer => data;

/** The ways for a kind of signature, the preferred one first. */
const waysFor = ({ publicKey, hash, pss }: Kind): Way[] => {
  const digest = digests[hash];
  const hashHere = (data: Buffer) => hashed(hash, data);
  if (publicKey.type === "RSA" && pss) {
    const parameter = {
      type: pkcs11js.CK_PARAMS_RSA_PSS,
      hashAlg: digest.hash,
      mgf: digest.mask,
      saltLen: hashLengths[hash],
    };
    return [
      { mechanism: { mechanism: digest.pss, parameter }, input: asItIs },
      { mechanism: { mechanism: pkcs11js.CKM_RSA_PKCS_PSS, parameter }, input: hashHere },
    ];
  }
  if (publicKey.type === "RSA")
    // tpm2-pkcs11 makes bare CKM_RSA_PKCS signatures by decrypting, which a key that only signs refuses.
    return [
      { mechanism: { mechanism: digest.rsa }, input: asItIs },
      { mechanism: { mechanism: pkcs11js.CKM_RSA_PKCS }, input: (data) => digestInfo(hash, data) },
    ];
  if (publicKey.type === "EC")
    return [
      { mechanism: { mechanism: pkcs11js.CKM_ECDSA }, input: hashHere },
      { mechanism: { mechanism: digest.ecdsa }, input: asItIs },
    ];
  return publicKey.type === "Ed25519" ? [{ mechanism: { mechanism: CKM_EDDSA }, input: asItIs }] : [];
};

/** @returns the first way that is in a token's mechanism list, or null. */
export const offeredWay = (kind: Kind, mechanisms: Signing["mechanisms"]): SigningWay | null => {
  const way = waysFor(kind).find(({ mechanism }) => signsWith(mechanisms, mechanism.mechanism));
  return way ? { ...way, name: mechanismName(way.mechanism.mechanism) } : null;
};

/** @throws Failure NOT_OFFERED */
export const signingWay = (kind: Kind, mechanisms: Signing["mechanisms"]): SigningWay => {
  const way = offeredWay(kind, mechanisms);
  if (way) return way;
  const { publicKey, hash, pss } = kind;
  throw failure("NOT_OFFERED", {
    where: "C_SignInit",
    message: `The token's mechanism list has nothing that signs with ${publicKey.type} keys, ${pss ? "PSS and " : ""}${hash}.`,
    remedy: "Use another key or algorithm, or look at the token's mechanisms.",
  });
};

const hashed = (hash: Hash, data: Buffer): Buffer => createHash(hash).update(data).digest();

/** DigestInfo of RFC 8017 9.2, which CKM_RSA_PKCS pads. */
const digestInfo = (hash: Hash, data: Buffer): Buffer =>
  der(
    tags.sequence,
    der(tags.sequence, derOid(hashOids[hash]), der(tags.null)),
    der(tags.octetString, hashed(hash, data)),
  );
