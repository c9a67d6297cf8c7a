import { fieldOf, isNull } from "../../view/fields.ts";
import { flagsOf } from "../../view/flags.ts";
import { rowText } from "../known.ts";
import { lastOf, succeeded } from "../past.ts";
import { isPinPad } from "../pins.ts";
import type { Rule } from "./rule.ts";

const dead = ["CKR_GENERAL_ERROR", "CKR_FUNCTION_FAILED", "CKR_DEVICE_ERROR", "CKR_HOST_MEMORY", "CKR_DEVICE_MEMORY"];

export const generalRules: readonly Rule[] = [
  {
    codes: ["CKR_ARGUMENTS_BAD", "CKR_FUNCTION_FAILED", "CKR_FUNCTION_NOT_SUPPORTED", "CKR_GENERAL_ERROR"],
    functions: /^C_GetInterface(List)?$/,
    tell: (call) => {
      const version = fieldOf(call, "pVersion");
      const asked = version === undefined || isNull(version) ? "" : ` (version ${version.text})`;
      return {
        here: `Harmless: the library does not offer the interface that was asked for${asked}. The program then takes another version, or C_GetFunctionList.`,
        remedy: "",
      };
    },
  },
  {
    codes: ["CKR_CANT_LOCK", "CKR_NEED_TO_CREATE_THREADS"],
    functions: /^C_Initialize$/,
    tell: (call) => ({
      here: `The library refuses the way of locking that the program asks for (${flagsOf(fieldOf(call, "flags"), "initialize").join(", ") || "none"}).`,
      remedy: "Programs usually try again with CKF_OS_LOCKING_OK or without locking.",
    }),
  },
  {
    codes: ["CKR_NO_EVENT"],
    tell: () => ({ here: "No token came or went since the last question; the program asks without waiting." }),
  },
  {
    codes: ["CKR_FUNCTION_NOT_PARALLEL"],
    tell: () => ({ here: "The only answer that this function has." }),
  },
  {
    codes: ["CKR_FUNCTION_CANCELED", "CKR_CANCEL"],
    functions: /^C_(Login|SetPIN|InitPIN|LoginUser)$/,
    tell: (call) =>
      isPinPad(fieldOf(call, "pPin"))
        ? { here: "The entry on the PIN pad was cancelled, or nobody entered a PIN in time. No try was used up." }
        : null,
  },
  {
    codes: ["CKR_FUNCTION_NOT_SUPPORTED"],
    functions:
      /^C_(Message|(Encrypt|Decrypt|Sign|Verify)Message|LoginUser|SessionCancel|.*capsulateKey|VerifySignature|Async|.*Authenticated)/,
    tell: (call) => ({
      here: `${call.name} is of PKCS#11 3.x; this library does not have it.`,
      remedy: "The program has to do it the 2.40 way.",
    }),
  },
  {
    codes: dead,
    tell: (call, past) => {
      const worked = lastOf(past, [call.name], succeeded, 50);
      const before = lastOf(past, [call.name], (earlier) => earlier.rv === call.rv, 50);
      if (before !== null && (worked === null || worked.row < before.row))
        return { here: `${call.name} failed so before as well (${rowText(before)}).` };
      return worked === null
        ? { here: `${call.name} never worked before in this process.` }
        : { here: `${call.name} worked before (${rowText(worked)}): what changed lies between.` };
    },
  },
];
