import type { Handle } from "pkcs11js";
import type { PublicKey } from "../../keys/public-key.ts";
import { readNamed } from "../../keys/read-named.ts";
import { alwaysAuthenticates } from "../../keys/sign.ts";
import { makeTestSignature, maySign } from "../../keys/test-signature.ts";
import { tokenMechanisms } from "../../keys/token-mechanisms.ts";
import type { TokenKey } from "../../objects/import/token-keys.ts";
import { CKA } from "../../pkcs11/attributes.ts";
import { Failure, returnValueOf } from "../../pkcs11/failure.ts";
import { handleFrom, ulongValue } from "../../pkcs11/handles.ts";
import type { FoundToken, Library } from "../../pkcs11/library.ts";
import { keyTypeName } from "../../pkcs11/object-names.ts";

/**
 * Looks for the private key of a certificate among those given: each signs random bytes, and the signature is checked
 * with the certificate's key. It is the one proof there is (a CKA_ID is a claim, and on devices of the SmartCard-HSM
 * class the public key object follows the certificate).
 * Keys that ask for the PIN at each use are passed over: no PIN is spent on a search.
 * @returns the key that signed, or null
 */
export const provenKey = async (
  library: Library,
  token: FoundToken,
  publicKey: PublicKey,
  keys: TokenKey[],
): Promise<TokenKey | null> => {
  const { handle: session } = library.newSession(token);
  try {
    const mechanisms = tokenMechanisms(library, token);
    for (const one of keys) {
      const key = handleFrom(one.ref.handle ?? "");
      if (!fitsType(library, session, key, publicKey)) continue;
      if (!maySign(library, session, key) || alwaysAuthenticates(library, session, key)) continue;
      if (await signs(library, { session, key, publicKey, mechanisms })) return one;
    }
    return null;
  } finally {
    library.p11.C_CloseSession(session);
  }
};

/** Private keys that have to be asked: what they show does not tell which public key is theirs. */
export const untoldKeys = (keys: TokenKey[]): TokenKey[] =>
  keys.filter(({ ref, identity }) => ref.class === "privateKey" && identity === null);

const fitsType = (library: Library, session: Handle, key: Handle, publicKey: PublicKey): boolean => {
  const { type } = readNamed(library, session, key, { type: CKA.KEY_TYPE });
  const number = type && ulongValue(type);
  return number === null || (keyTypeName(number) === "RSA") === (publicKey.type === "RSA");
};

const signs = async (
  library: Library,
  signing: Omit<Parameters<typeof makeTestSignature>[1], "contextPin">,
): Promise<boolean> => {
  try {
    return (await makeTestSignature(library, signing, null)).verified;
  } catch (thrown) {
    // Another key, or one that may not sign so: then it is not this one.
    if (thrown instanceof Failure && ["TEST_SIGNATURE_FAILED", "NOT_OFFERED"].includes(thrown.data.code)) return false;
    if (stays.has(returnValueOf(thrown) ?? "")) throw thrown;
    if (returnValueOf(thrown) !== null) return false;
    throw thrown;
  }
};

/** Return values that are of the token and not of the key: the search ends with them. */
const stays = new Set(["CKR_DEVICE_REMOVED", "CKR_TOKEN_NOT_PRESENT", "CKR_DEVICE_ERROR", "CKR_USER_NOT_LOGGED_IN"]);
