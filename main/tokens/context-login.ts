import type { Handle } from "pkcs11js";
import pkcs11js from "pkcs11js";
import { failure } from "../pkcs11/failure.ts";
import { handleText } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { checkPin, checkTry, tryOnce } from "./pin-try.ts";

/**
 * C_Login as CKU_CONTEXT_SPECIFIC for a key with CKA_ALWAYS_AUTHENTICATE: to be called between C_SignInit (or
 * C_DecryptInit) and C_Sign in the same session (PKCS#11 2.40, C_Login). It is the user PIN, counts like a login,
 * and holds for this one operation.
 *
 * @param pin null where the reader asks for it.
 * @param confirmation the token's label, typed, where the flags say that this is the last try.
 * @throws Failure PIN_NEEDED, REFUSED, PIN_LENGTH, PIN_LOCKED, CONFIRMATION_NEEDED, PKCS11. The operation that was
 * begun is then still active in the session: close the session, or end the operation.
 */
export const contextLogin = (library: Library, session: Handle, pin: string | null, confirmation?: string): void => {
  const { slotID } = library.p11.C_GetSessionInfo(session);
  const token = library.readToken(slotID);
  if (!token)
    throw failure("TOKEN_GONE", {
      where: `slot ${handleText(slotID)}`,
      message: "The token left before the PIN was used.",
      remedy: "Insert it again, log in, and start over.",
    });
  checkPin(token, "user", pin);
  checkTry(token, "user", confirmation);
  tryOnce(library, token, "user", "C_Login for one use of the key", () =>
    library.pins.login(session, pkcs11js.CKU_CONTEXT_SPECIFIC, pin),
  );
};

/** Runs `use` (C_Sign, C_Decrypt) right after the context-specific login that the begun operation needs. */
export const withContextLogin = <T>(
  library: Library,
  session: Handle,
  pin: string | null,
  use: () => T,
  confirmation?: string,
): T => {
  contextLogin(library, session, pin, confirmation);
  return use();
};
