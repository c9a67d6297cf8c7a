/** Words of the trace's contract that whoever reads logs needs without the checks: worker threads, which start with each log. */

/** Kinds of log. */
export const dialects = ["tokenglass", "opensc-spy", "opensc-debug", "p11-kit", "pkcs11-logger", "pkcs11shim"] as const;

/** What is wrong or special about a record; each has its own words and badge. */
export const marks = [
  "ambiguous", // the log does not say which call this belongs to: left out of statistics
  "broken", // bytes are missing or damaged
  "cut", // arguments left out by the recorder
  "no-return", // never came back in this log
  "running", // still open in a live trace
  "size-question", // asked for a length only
  "begin-only",
  "best-effort", // read from pasted text
  "untrusted-text", // text from a token that looks like log lines
  "other-interface", // came in through a 3.x interface
] as const;

/** Calls that belong in a login trace. */
export const loginFunctions = ["C_Login", "C_LoginUser", "C_Logout", "C_InitPIN", "C_SetPIN", "C_InitToken"] as const;

/** APDUs that compare or change a PIN. */
export const pinCommands = ["VERIFY", "CHANGE REFERENCE DATA", "RESET RETRY COUNTER"] as const;
