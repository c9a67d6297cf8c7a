import { z } from "zod";

/** Every kind of failure that a reply can carry. Closed: a new kind is added here, with its sense. */
export const errorCodes = [
  "PKCS11", // the module answered with a return value; `rv` has its name
  "INVALID_REQUEST", // the input does not fit the contract
  "UNKNOWN_MODULE", // no module with that id or path is kept
  "MODULE_NOT_FOUND", // no file at the path
  "MODULE_NOT_PKCS11", // a library, but without C_GetFunctionList
  "MODULE_NOT_A_LIBRARY", // not an ELF, Mach-O or PE library at all
  "MODULE_WRONG_ARCHITECTURE",
  "MODULE_MISSING_DEPENDENCY", // a library that it needs is not there
  "MODULE_LOAD_FAILED", // the loader refused for another reason
  "MODULE_NEEDS_APPROVAL", // never loaded before: loading runs its code
  "MODULE_CHANGED", // the file is not the one that was approved
  "HOST_CRASHED", // the module ended its process (signal)
  "HOST_TIMED_OUT", // the module did not answer in time; its process was ended
  "HOST_STOPPED",
  "TOKEN_GONE",
  "TOKEN_AMBIGUOUS", // two tokens with that serial and label
  "OBJECT_GONE",
  "OBJECT_AMBIGUOUS",
  "OBJECT_CHANGED", // the object behind the handle is no longer the one shown
  "CONFIRMATION_NEEDED", // typed confirmation missing or wrong; nothing was done
  "PIN_NEEDED",
  "PIN_LOCKED",
  "PIN_LENGTH",
  "LOGIN_NEEDED",
  "ALREADY_USED", // a CKA_ID or label is taken
  "NOT_OFFERED", // the token has no mechanism for it
  "BAD_FILE", // a file whose content is not what it should be
  "PASSWORD_NEEDED",
  "PASSWORD_WRONG",
  "READ_BACK_DIFFERS", // what is on the token is not what was written
  "TEST_SIGNATURE_FAILED",
  "FILE_EXISTS",
  "FILE_FAILED",
  "FOLDER_MISSING", // the folder to write to is not there; nothing was written
  "REFUSED", // against the app's own rules; the message names the rule
  "CANCELLED",
  "INTERNAL", // a bug in Tokenglass
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** A failure as it crosses every border of the app: plain data, complete enough to be shown as it is. */
export const errorData = z.object({
  code: z.enum(errorCodes),
  /** Name of the PKCS#11 return value, e.g. CKR_PIN_INCORRECT, when the module gave one. */
  rv: z.string().optional(),
  /** What was being done, to what: function, slot, token, file. Never a PIN. */
  where: z.string(),
  message: z.string(),
  /** What the user can do about it. */
  remedy: z.string(),
  /** Facts for a program that reads the error: typed text that is asked for, a signal name, exit code, paths. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

export type ErrorData = z.infer<typeof errorData>;

export type Reply<T> = { ok: true; value: T } | { ok: false; error: ErrorData };
