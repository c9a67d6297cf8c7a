import { createHash } from "node:crypto";
import type { Handle } from "pkcs11js";
import pkcs11js from "pkcs11js";
import { DerError } from "../pkcs11/der.ts";
import { der, derOid, derUnsigned } from "../pkcs11/der-write.ts";
import { Failure, failure, toErrorData } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { mechanismName } from "../pkcs11/names-tokens-mechanisms.ts";
import { contextLogin } from "../tokens/context-login.ts";
import { tags } from "./ber.ts";
import { hashForBits } from "./curves.ts";
import { CKM_EDDSA } from "./numbers.ts";
import type { PublicKey } from "./public-key.ts";
import type { TokenMechanism } from "./token-mechanisms.ts";

export type Hash = "sha256" | "sha384" | "sha512";

const digests: Record<Hash, { oid: string; rsa: number; ecdsa: number }> = {
  sha256: { oid: "2.16.840.1.101.3.4.2.1", rsa: pkcs11js.CKM_SHA256_RSA_PKCS, ecdsa: pkcs11js.CKM_ECDSA_SHA256 },
  sha384: { oid: "2.16.840.1.101.3.4.2.2", rsa: pkcs11js.CKM_SHA384_RSA_PKCS, ecdsa: pkcs11js.CKM_ECDSA_SHA384 },
  sha512: { oid: "2.16.840.1.101.3.4.2.3", rsa: pkcs11js.CKM_SHA512_RSA_PKCS, ecdsa: pkcs11js.CKM_ECDSA_SHA512 },
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
  mechanisms: Map<number, TokenMechanism>;
  /** For CKA_ALWAYS_AUTHENTICATE: the PIN for this one use, null for the reader's PIN pad. */
  contextPin?: string | null | undefined;
  /** The typed text that the last try of that PIN wants. */
  confirmation?: string | undefined;
}

export interface Signature {
  /** As the token gives it: r and s side by side for ECDSA. */
  bytes: Buffer;
  mechanism: string;
  /** CKM_ number, and what was handed to C_Sign: the data, its hash, or a DigestInfo. */
  number: number;
  input: Buffer;
  milliseconds: number;
}

/**
 * Signs with a key on the token: RSA PKCS#1 v1.5, ECDSA or Ed25519. For RSA the token hashes if it can; for ECDSA
 * hashing is done here, since bare CKM_ECDSA is what every token with curves has.
 * @throws Failure PIN_NEEDED for an always-authenticate key without `contextPin`; CONFIRMATION_NEEDED at its last try;
 * NOT_OFFERED; Pkcs11Error
 */
export const sign = async (library: Library, signing: Signing, data: Buffer): Promise<Signature> => {
  const { p11 } = library;
  const { session, key } = signing;
  const always = alwaysAuthenticates(library, session, key);
  if (always && signing.contextPin === undefined)
    throw failure("PIN_NEEDED", {
      where: "C_Sign",
      message: "This key asks for the PIN at each use (CKA_ALWAYS_AUTHENTICATE).",
      remedy: "Give the user PIN for this one use.",
    });
  const { mechanism, input } = prepare(signing, data);
  const started = performance.now();
  p11.C_SignInit(session, { mechanism }, key);
  // PKCS#11 2.40, C_Login: between C_SignInit and C_Sign.
  if (always && signing.contextPin !== undefined)
    contextLogin(library, session, signing.contextPin, signing.confirmation);
  const bytes = await signOnce(library, session, input, mechanismName(mechanism));
  return {
    bytes,
    mechanism: mechanismName(mechanism),
    number: mechanism,
    input,
    milliseconds: Math.round((performance.now() - started) * 10) / 10,
  };
};

/** C_Sign, in a thread of its own where the module allows it: RSA takes seconds on a card. */
const signOnce = async (
  { p11, threads }: Library,
  session: Handle,
  input: Buffer,
  mechanism: string,
): Promise<Buffer> => {
  const space = Buffer.alloc(1024);
  try {
    return Buffer.from(threads ? await p11.C_SignAsync(session, input, space) : p11.C_Sign(session, input, space));
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

const prepare = ({ publicKey, hash, mechanisms }: Signing, data: Buffer): { mechanism: number; input: Buffer } => {
  const digest = digests[hash];
  const has = (type: number) => {
    const entry = mechanisms.get(type);
    return entry !== undefined && (entry.flags === null || (entry.flags & pkcs11js.CKF_SIGN) !== 0);
  };
  if (publicKey.type === "Ed25519" && has(CKM_EDDSA)) return { mechanism: CKM_EDDSA, input: data };
  if (publicKey.type === "RSA") {
    // tpm2-pkcs11 makes bare CKM_RSA_PKCS signatures by decrypting, which a key that only signs refuses.
    if (has(digest.rsa)) return { mechanism: digest.rsa, input: data };
    if (has(pkcs11js.CKM_RSA_PKCS)) return { mechanism: pkcs11js.CKM_RSA_PKCS, input: digestInfo(hash, data) };
  }
  if (publicKey.type === "EC") {
    if (has(pkcs11js.CKM_ECDSA)) return { mechanism: pkcs11js.CKM_ECDSA, input: hashed(hash, data) };
    if (has(digest.ecdsa)) return { mechanism: digest.ecdsa, input: data };
  }
  throw failure("NOT_OFFERED", {
    where: "C_SignInit",
    message: `The token's mechanism list has nothing that signs with ${publicKey.type} keys and ${hash}.`,
    remedy: "Use another key, or look at the token's mechanisms.",
  });
};

const hashed = (hash: Hash, data: Buffer): Buffer => createHash(hash).update(data).digest();

/** DigestInfo of RFC 8017 9.2, which CKM_RSA_PKCS pads. */
const digestInfo = (hash: Hash, data: Buffer): Buffer =>
  der(
    tags.sequence,
    der(tags.sequence, derOid(digests[hash].oid), der(tags.null)),
    der(tags.octetString, hashed(hash, data)),
  );

/** Ecdsa-Sig-Value (RFC 3279 2.2.3) from the token's r and s of equal length (PKCS#11 2.40 mechanisms, 2.3.1). */
export const ecdsaToDer = (raw: Buffer): Buffer => {
  if (raw.length === 0 || raw.length % 2 !== 0)
    throw new DerError(`an ECDSA signature cannot have ${raw.length} bytes`);
  const half = raw.length / 2;
  return der(tags.sequence, derUnsigned(raw.subarray(0, half)), derUnsigned(raw.subarray(half)));
};
