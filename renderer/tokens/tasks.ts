import type { TokenRow } from "../../preload/contract/tokens.ts";

/** What can be done with a token and its PINs. */
export type TokenTask = "login" | "loginSo" | "initialise" | "setUserPin" | "changeUser" | "changeSo";

/** They want a read/write session, or write by themselves (PKCS#11 3.2, C_Login, C_InitPIN, C_SetPIN, C_InitToken). */
const writes: ReadonlySet<TokenTask> = new Set(["loginSo", "initialise", "setUserPin", "changeUser", "changeSo"]);
const withSoPin: ReadonlySet<TokenTask> = new Set(["loginSo", "setUserPin", "changeSo"]);

export const writeProtectedWords = "The token is write protected.";

/**
 * Why a task cannot be done with a token as it is now, in words for the user; null if it can be tried. A locked user
 * PIN does not keep from the login dialog, which says the way out.
 */
export const whyNot = (task: TokenTask, token: TokenRow): string | null => {
  const { initialised, login, userPin, soPin } = token;
  if (token.writeProtected && writes.has(task)) return writeProtectedWords;
  if (task === "initialise") return initialised && soPin.state === "locked" ? soPin.words : null;
  if (!initialised) return "The token has to be initialised first.";
  if (userPin.state === "none") return "This token needs no login and has no PINs.";
  if (task === "login" && login === "user") return "The user is logged in already.";
  if ((task === "login" || task === "loginSo") && login !== "none") return "Log out first: a token takes one login.";
  if ((task === "login" || task === "changeUser") && userPin.state === "not set") return userPin.words;
  if (task === "changeUser" && userPin.state === "locked") return "The user PIN is locked. Set a new one instead.";
  if (withSoPin.has(task) && soPin.state === "locked") return "The SO PIN is locked.";
  return null;
};
