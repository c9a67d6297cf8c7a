import type { Handle } from "pkcs11js";
import type { ObjectRef, TokenRef } from "../../preload/contract/shared.ts";
import { needLogin } from "../keys/login-needed.ts";
import type { PublicKey } from "../keys/public-key.ts";
import { type KnownPublicKey, publicKeyFor } from "../keys/token-key.ts";
import { type TokenMechanism, tokenMechanisms } from "../keys/token-mechanisms.ts";
import { findObject, objectWords } from "../objects/find-object.ts";
import { openToken } from "../objects/open-token.ts";
import { failure } from "../pkcs11/failure.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";

/** Which key signs, as requests name it. */
export interface SigningInput {
  token: TokenRef;
  key: ObjectRef;
  /** PEM or base64 of a public key or certificate, where the token shows none or the user knows better. */
  publicKey?: string | undefined;
  contextPin?: string | null | undefined;
  confirmation?: string | undefined;
}

/** A private key that was found for signing. Its public key is a claim until a signature has been checked with it. */
export interface FoundKey {
  token: FoundToken;
  key: Handle;
  /** In words, for messages. */
  words: string;
  publicKey: PublicKey;
  from: KnownPublicKey["from"] | "what was given";
  /** The public key object with the same CKA_ID, if there is one. */
  publicObject: Handle | null;
  mechanisms: Map<number, TokenMechanism>;
}

/**
 * Finds a private key and its public key, given or from the token.
 * @throws Failure INVALID_REQUEST, LOGIN_NEEDED, TOKEN_GONE, OBJECT_GONE (also where no public key is known) ..., BAD_FILE
 */
export const findSigningKey = async (
  library: Library,
  { token: ref, key, publicKey }: SigningInput,
): Promise<FoundKey> => {
  const { token, session } = openToken(library, ref);
  const words = objectWords(key);
  if (key.class !== "privateKey")
    throw failure("INVALID_REQUEST", {
      where: words,
      message: "Only a private key signs.",
      remedy: "Choose the private key.",
    });
  needLogin(library, token, "C_Sign");
  const { handle } = findObject(library, session, key);
  const known = publicKey === undefined ? publicKeyFor(library, session, handle) : await given(publicKey);
  return {
    token,
    key: handle,
    words,
    publicKey: known.publicKey,
    from: known.from,
    publicObject: known.object,
    mechanisms: tokenMechanisms(library, token),
  };
};

/** What reads files of all kinds is large, and only loaded where something is given. */
const given = async (text: string) => {
  const { suppliedKey } = await import("./supplied-key.ts");
  return { publicKey: suppliedKey(text), from: "what was given" as const, object: null };
};

/** A found key with a session of its own: a signature is an operation that others must not step into. */
export interface SigningKey extends FoundKey, Pick<SigningInput, "contextPin" | "confirmation"> {
  library: Library;
  session: Handle;
}

/** Runs `use` with a key in a session of its own, which is closed whatever happens. @throws as {@link findSigningKey} */
export const withSigningKey = async <T>(
  library: Library,
  input: SigningInput,
  use: (key: SigningKey) => Promise<T>,
): Promise<T> => {
  const found = await findSigningKey(library, input);
  const { handle: session } = library.newSession(found.token);
  try {
    return await use({ ...found, library, session, contextPin: input.contextPin, confirmation: input.confirmation });
  } finally {
    library.p11.C_CloseSession(session);
  }
};
