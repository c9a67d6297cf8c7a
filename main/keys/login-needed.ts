import pkcs11js from "pkcs11js";
import { failure } from "../pkcs11/failure.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { showPadded } from "../pkcs11/text.ts";

/**
 * Private keys and objects can be made and used only by the user (PKCS#11 2.40, 11.6 and table 6).
 * The module is not asked; the error has the name of what it would answer.
 * @param doing what for, e.g. "C_GenerateKeyPair"
 * @throws Failure LOGIN_NEEDED
 */
export const needLogin = (library: Library, token: FoundToken, doing: string): void => {
  if ((token.info.flags & pkcs11js.CKF_LOGIN_REQUIRED) === 0) return;
  const state = library.loginState(token.slotId);
  if (state === "user") return;
  throw failure("LOGIN_NEEDED", {
    rv: "CKR_USER_NOT_LOGGED_IN",
    where: `${doing}, token ${showPadded(token.info.label)}`,
    message: state === "so" ? "The SO is logged in, and may not touch private objects." : "The user is not logged in.",
    remedy: state === "so" ? "Log out, then log in with the user PIN." : "Log in with the user PIN.",
  });
};
