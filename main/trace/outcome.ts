import { statusWord } from "./explain/iso7816.ts";
import { openscCodeIsHarmless } from "./explain/opensc-codes.ts";
import type { Outcome } from "./index/flags.ts";

type Row = readonly [rv: string, functions: RegExp, outcome: Outcome];

/** Return codes other than CKR_OK that are no failure of what the program wants. The first row that fits counts. */
const rows: readonly Row[] = [
  // Optional attributes: the others of the template were read all the same (PKCS#11 3.1, C_GetAttributeValue).
  ["CKR_ATTRIBUTE_TYPE_INVALID", /^C_GetAttributeValue$/, "expected"],
  ["CKR_ATTRIBUTE_SENSITIVE", /^C_GetAttributeValue$/, "expected"],
  ["CKR_NO_EVENT", /^C_WaitForSlotEvent$/, "expected"],
  // C_Finalize ends the wait of another thread so.
  ["CKR_CRYPTOKI_NOT_INITIALIZED", /^C_WaitForSlotEvent$/, "expected"],
  ["CKR_FUNCTION_NOT_SUPPORTED", /^C_WaitForSlotEvent$/, "warning"],
  // A version that the library does not offer: the program takes another.
  ["CKR_ARGUMENTS_BAD", /^C_GetInterface(List)?$/, "expected"],
  ["CKR_FUNCTION_FAILED", /^C_GetInterface(List)?$/, "expected"],
  ["CKR_FUNCTION_NOT_SUPPORTED", /^C_GetInterface(List)?$/, "expected"],
  ["CKR_FUNCTION_NOT_PARALLEL", /^C_(GetFunctionStatus|CancelFunction)$/, "expected"],
  ["CKR_TOKEN_NOT_PRESENT", /^C_GetTokenInfo$/, "expected"],
  ["CKR_TOKEN_NOT_RECOGNIZED", /^C_GetTokenInfo$/, "warning"],
  ["CKR_MECHANISM_INVALID", /^C_GetMechanismInfo$/, "expected"],
  ["CKR_RANDOM_SEED_NOT_SUPPORTED", /./, "expected"],
  ["CKR_STATE_UNSAVEABLE", /./, "expected"],
  ["CKR_INFORMATION_SENSITIVE", /^C_GetObjectSize$/, "expected"],
  ["CKR_PENDING", /./, "expected"],
  ["CKR_CRYPTOKI_ALREADY_INITIALIZED", /./, "warning"],
  ["CKR_USER_ALREADY_LOGGED_IN", /./, "warning"],
  ["CKR_USER_NOT_LOGGED_IN", /^C_Logout$/, "warning"],
  ["CKR_FUNCTION_NOT_SUPPORTED", /./, "warning"],
  ["CKR_CANCEL", /./, "warning"],
  ["CKR_FUNCTION_CANCELED", /./, "warning"],
  // A question for the length, or a buffer guessed too small: the program asks again with more room.
  ["CKR_BUFFER_TOO_SMALL", /./, "expected"],
  ["CKR_SIGNATURE_INVALID", /^C_(Verify|DecryptVerify|MessageVerify)/, "warning"],
  ["CKR_SIGNATURE_LEN_RANGE", /^C_(Verify|DecryptVerify|MessageVerify)/, "warning"],
  ["CKR_OPERATION_NOT_INITIALIZED", /^C_(FindObjectsFinal|SessionCancel)$/, "warning"],
];

/**
 * How a return code is to be taken by the function's and the code's name alone, as the index has it for every row. What
 * went before is not looked at: explanations do that.
 * @param rv name of the return code, "0x..."; "-1214" of OpenSC; "9000" a status word of a card; null or "": none
 */
export const outcomeByName = (name: string, rv: string | null): Outcome => {
  if (rv === null || rv === "") return "none";
  if (rv === "CKR_OK" || rv === "0") return "ok";
  if (/^-\d+$/.test(rv)) return openscCodeIsHarmless(Number(rv)) ? "expected" : "error";
  const word = /^[69][0-9A-F]{3}$/i.test(rv) ? statusWord(rv) : null;
  if (word !== null) return word.outcome;
  // OpenSC returns counts as positive numbers.
  if (/^\d+$/.test(rv)) return "ok";
  return rows.find(([code, functions]) => code === rv && functions.test(name))?.[2] ?? "error";
};
