import type { LoginEvent } from "../../../preload/contract/trace.ts";

/** What was done, in words. */
export const functionWords: Record<LoginEvent["function"], string> = {
  C_Login: "login",
  C_LoginUser: "login by name",
  C_Logout: "logout",
  C_InitPIN: "user PIN set by the SO",
  C_SetPIN: "PIN change",
  C_InitToken: "token initialised",
  VERIFY: "PIN check by the card",
  "CHANGE REFERENCE DATA": "PIN change on the card",
  "RESET RETRY COUNTER": "PIN unblocked on the card",
};

/** Whose PIN. */
export const userWords = {
  user: "user",
  SO: "SO",
  "context-specific": "user, for one use of a key",
  other: "other user",
} as const;

/** The flags of PKCS#11's token information that tell how a PIN stands. */
const flagWords: Readonly<Record<string, string>> = {
  CKF_USER_PIN_COUNT_LOW: "wrong PIN entered before",
  CKF_USER_PIN_FINAL_TRY: "last try",
  CKF_USER_PIN_LOCKED: "locked",
  CKF_USER_PIN_TO_BE_CHANGED: "PIN must be changed",
  CKF_SO_PIN_COUNT_LOW: "wrong SO PIN entered before",
  CKF_SO_PIN_FINAL_TRY: "last try of the SO PIN",
  CKF_SO_PIN_LOCKED: "SO PIN locked",
  CKF_SO_PIN_TO_BE_CHANGED: "SO PIN must be changed",
};

/** @param flags as they were read; null: the program did not read them @returns null if they were not read */
export const flagsWords = (flags: readonly string[] | null): string | null =>
  flags === null ? null : flags.length === 0 ? "good" : flags.map((flag) => flagWords[flag] ?? flag).join(", ");
