import type { Outcome } from "./index/flags.ts";

/** Return codes that are no error of certain functions, or of any (""): what a caller may well expect. */
const expected: Record<string, readonly string[]> = {
  "": ["CKR_BUFFER_TOO_SMALL"],
  C_GetAttributeValue: ["CKR_ATTRIBUTE_TYPE_INVALID", "CKR_ATTRIBUTE_SENSITIVE"],
  C_WaitForSlotEvent: ["CKR_NO_EVENT", "CKR_CRYPTOKI_NOT_INITIALIZED"],
  C_GetInterface: ["CKR_ARGUMENTS_BAD", "CKR_FUNCTION_FAILED"],
  C_GetFunctionStatus: ["CKR_FUNCTION_NOT_PARALLEL"],
  C_CancelFunction: ["CKR_FUNCTION_NOT_PARALLEL"],
  C_SessionCancel: ["CKR_OPERATION_NOT_INITIALIZED", "CKR_FUNCTION_NOT_SUPPORTED"],
  C_GetSlotInfo: [],
  C_GetTokenInfo: ["CKR_TOKEN_NOT_PRESENT"],
};

/** Return codes that stop nothing but are worth a look. */
const warning: Record<string, readonly string[]> = {
  "": ["CKR_CRYPTOKI_ALREADY_INITIALIZED", "CKR_USER_ALREADY_LOGGED_IN", "CKR_CANCEL", "CKR_FUNCTION_CANCELED"],
  C_Logout: ["CKR_USER_NOT_LOGGED_IN"],
  C_Verify: ["CKR_SIGNATURE_INVALID", "CKR_SIGNATURE_LEN_RANGE"],
  C_VerifyFinal: ["CKR_SIGNATURE_INVALID", "CKR_SIGNATURE_LEN_RANGE"],
};

/**
 * How a return code is to be taken by the function's and the code's name alone, as the index has it for every row. What
 * went before is not looked at: explanations do that.
 * @param rv name of the return code, "0x..." or "" if there is none; "-1214" of OpenSC; "9000" a status word of a card.
 */
export const outcomeByName = (name: string, rv: string): Outcome => {
  if (rv === "") return "none";
  if (rv === "CKR_OK" || rv === "0" || rv === "9000") return "ok";
  const isIn = (table: Record<string, readonly string[]>) => table[name]?.includes(rv) || table[""]?.includes(rv);
  if (isIn(expected)) return "expected";
  if (isIn(warning)) return "warning";
  // ISO 7816-4: 61xx and 6Cxx say how many bytes there are; 62xx and 63xx are warnings, but 63Cx counts wrong tries.
  if (/^6[1C][0-9A-F]{2}$/.test(rv)) return "expected";
  if (/^6(2|3[^C])[0-9A-F]+$/.test(rv)) return "warning";
  // OpenSC returns counts as positive numbers.
  if (/^\d+$/.test(rv) && rv.length !== 4) return "ok";
  return "error";
};
