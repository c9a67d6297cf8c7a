import type { CheckedInput } from "../../preload/contract/index.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { logout, userType } from "./login.ts";
import { checkPin, checkTry, tryOnce } from "./pin-try.ts";

/**
 * C_InitPIN in a session that the SO is logged in to: the first user PIN, or a new one for a locked or forgotten one.
 * Afterwards the SO is logged out, unless the SO was logged in before; a user who was logged in is logged out.
 *
 * On SmartCard-HSM class devices C_Login as SO checks nothing, and the SO PIN is proved by C_InitPIN
 * (OpenSC/OpenSC#1318). The same two calls are right there: the one try is used by the second.
 */
export const setUserPin = (
  library: Library,
  token: FoundToken,
  { soPin, newPin, confirmation }: Pick<CheckedInput<"tokens.setUserPin">, "soPin" | "newPin" | "confirmation">,
): void => {
  checkPin(token, "so", soPin);
  checkPin(token, "user", newPin, "new user PIN");
  checkTry(token, "so", confirmation);
  asSo(library, token, soPin, (session) =>
    tryOnce(library, token, "so", "C_InitPIN", () => library.pins.initPin(session, newPin)),
  );
};

/** C_SetPIN: as user in a session that is public or the user's, as SO in one that the SO is logged in to. */
export const changePin = (
  library: Library,
  token: FoundToken,
  {
    who,
    oldPin,
    newPin,
    confirmation,
  }: Pick<CheckedInput<"tokens.changePin">, "who" | "oldPin" | "newPin" | "confirmation">,
): void => {
  checkPin(token, who, oldPin, `old ${who === "so" ? "SO" : "user"} PIN`);
  checkPin(token, who, newPin, `new ${who === "so" ? "SO" : "user"} PIN`);
  checkTry(token, who, confirmation);
  const change = (session: Buffer) =>
    tryOnce(library, token, who, "C_SetPIN", () => library.pins.setPin(session, oldPin, newPin));
  if (who === "so") {
    asSo(library, token, oldPin, change);
    return;
  }
  // In an SO session C_SetPIN would change the SO PIN (PKCS#11 2.40, C_SetPIN).
  if (library.loginState(token.slotId) === "so") logout(library, token);
  change(library.session(token));
};

const asSo = (library: Library, token: FoundToken, soPin: string | null, work: (session: Buffer) => void): void => {
  const before = library.loginState(token.slotId);
  if (before === "user") logout(library, token);
  const session = library.session(token);
  if (before === "so") {
    work(session);
    return;
  }
  tryOnce(library, token, "so", "C_Login as SO", () => library.pins.login(session, userType.so, soPin));
  try {
    work(session);
  } finally {
    logout(library, token);
  }
};
