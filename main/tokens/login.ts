import pkcs11js from "pkcs11js";
import { failure } from "../pkcs11/failure.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { showPadded } from "../pkcs11/text.ts";
import { deviceRules } from "./device-class.ts";
import { pinName, type Who } from "./pin-state.ts";
import { checkPin, checkTry, placeOf, tryOnce } from "./pin-try.ts";

export const userType: Record<Who, number> = { user: pkcs11js.CKU_USER, so: pkcs11js.CKU_SO };

/**
 * C_Login with one try.
 * @throws Failure REFUSED, PIN_NEEDED, PIN_LENGTH, PIN_LOCKED, CONFIRMATION_NEEDED, PKCS11
 */
export const login = (
  library: Library,
  token: FoundToken,
  who: Who,
  pin: string | null,
  confirmation: string | undefined,
): void => {
  refuseWhereNoSoLogin(token, who);
  refuseWhenLoggedIn(library, token, who);
  checkPin(token, who, pin);
  checkTry(token, who, confirmation);
  const session = library.session(token);
  tryOnce(library, token, who, `C_Login as ${who === "so" ? "SO" : "user"}`, () =>
    library.pins.login(session, userType[who], pin),
  );
  library.logins.began(token.slotId, {
    serial: showPadded(token.info.serialNumber),
    label: showPadded(token.info.label),
    slot: token.slotId,
  });
};

/** C_Logout; nothing happens if nobody is logged in. */
export const logout = (library: Library, token: FoundToken): void => void library.logOut(token.slotId);

const refuseWhereNoSoLogin = (token: FoundToken, who: Who): void => {
  const reason = who === "so" ? deviceRules(token.info).soLoginRefused : null;
  if (reason)
    throw failure("REFUSED", {
      where: placeOf(token),
      message: reason,
      remedy: "Use the SO PIN where it does something: to set a new user PIN, to change the SO PIN, or to initialise.",
    });
};

/** A second C_Login does not look at the PIN on most tokens, so its success would mean nothing. */
const refuseWhenLoggedIn = (library: Library, token: FoundToken, who: Who): void => {
  const now = library.loginState(token.slotId);
  if (now === "none") return;
  throw failure("REFUSED", {
    where: placeOf(token),
    message:
      now === who
        ? `The ${pinName[who].replace(" PIN", "")} is logged in already; the PIN was not looked at.`
        : `The ${now === "so" ? "SO" : "user"} is logged in, and a token takes one login at a time.`,
    remedy: now === who ? "Go on, or log out first." : "Log out first.",
    details: { login: now },
  });
};
