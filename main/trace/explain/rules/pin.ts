import type { TraceCall } from "../../../../preload/contract/trace.ts";
import { fieldOf } from "../../view/fields.ts";
import { rowText, slotKnown, type TokenKnown, tokenKnown, type User, userOf } from "../known.ts";
import { lastOf, type Past, succeeded } from "../past.ts";
import { isPinPad, pinFlagsOf, pinIs, pinName } from "../pins.ts";
import type { Rule } from "./rule.ts";

const pinCalls = ["C_Login", "C_LoginUser", "C_SetPIN", "C_InitToken"];
const ordinal = (number: number): string =>
  ["first", "second", "third", "fourth", "fifth"][number - 1] ?? `${number}th`;

const sameUser = (a: User | null, b: User | null): boolean => (a === "SO") === (b === "SO");

/** Wrong PINs of the same user since the last right one. */
const wrongBefore = (call: TraceCall, past: Past): TraceCall[] => {
  const found: TraceCall[] = [];
  for (const earlier of past.back(pinCalls, 100)) {
    if (!sameUser(userOf(earlier), userOf(call))) continue;
    if (earlier.rv === "CKR_PIN_INCORRECT") found.push(earlier);
    else if (succeeded(earlier)) break;
  }
  return found;
};

const stateBefore = (token: TokenKnown | null, user: User | null): string => {
  if (token === null) return "The program did not look at the token's PIN flags before.";
  const flags = pinFlagsOf(token.flags, user);
  if (pinIs(flags, "LOCKED"))
    return `The token had said before (${rowText(token)}) that the ${pinName(user)} is locked.`;
  if (pinIs(flags, "FINAL_TRY"))
    return `The token had said before (${rowText(token)}) that only the last try was left: this one has most likely locked the ${pinName(user)}.`;
  if (pinIs(flags, "COUNT_LOW"))
    return `The token had said before (${rowText(token)}) that there had been wrong tries since the last right one.`;
  return `The token's flags before (${rowText(token)}) showed no wrong tries; some tokens never show them.`;
};

export const pinRules: readonly Rule[] = [
  {
    codes: ["CKR_PIN_INCORRECT"],
    functions: /^C_(Login|LoginUser|SetPIN|InitToken)$/,
    tell: (call, past) => {
      const user = userOf(call);
      const token = tokenKnown(slotKnown(call, past), past);
      const before = wrongBefore(call, past).length;
      const count = before === 0 ? "" : ` It is the ${ordinal(before + 1)} wrong one in a row in this process.`;
      const final = token !== null && pinIs(pinFlagsOf(token.flags, user), "FINAL_TRY");
      return {
        here: `The ${pinName(user)} was wrong.${count} ${stateBefore(token, user)}`,
        remedy: final
          ? `Read the token's flags before anything else. If the ${pinName(user)} is locked, ${user === "SO" ? "only the vendor's reset helps, which wipes the token" : "the SO has to set a new one (C_InitPIN)"}.`
          : "Read the token's flags before the next try, and make sure of the PIN: most tokens lock after three to ten wrong ones.",
      };
    },
  },
  {
    codes: ["CKR_PIN_LOCKED"],
    tell: (call, past) => {
      const user = userOf(call);
      const wrong = wrongBefore(call, past);
      const [last] = wrong;
      const name = pinName(user);
      const remedy =
        user === "SO"
          ? "Only the vendor's reset helps, which wipes the token."
          : "The SO has to set a new PIN (C_InitPIN), or the PUK unblocks it with the vendor's tool. No right PIN helps now.";
      if (last !== undefined)
        return {
          here: `The ${name} is locked. ${wrong.length} wrong ${wrong.length === 1 ? "one" : "ones"} came before in this process, last in ${rowText(last)}.`,
          remedy,
        };
      const token = tokenKnown(slotKnown(call, past), past);
      const told = token !== null && pinIs(pinFlagsOf(token.flags, user), "LOCKED");
      return {
        here: `The ${name} is locked, and this process gave no wrong one before: it was locked earlier, or by another program.${told ? ` The token had said so before (${rowText(token)}).` : ""}`,
        remedy,
      };
    },
  },
  {
    codes: ["CKR_PIN_LEN_RANGE"],
    tell: (call, past) => {
      const token = tokenKnown(slotKnown(call, past), past);
      const pin = fieldOf(call, "pNewPin") ?? fieldOf(call, "pPin");
      const given = pin?.length === undefined ? "" : ` ${pin.length} bytes were given.`;
      const range =
        token?.minPin == null || token.maxPin == null
          ? " The program did not ask for the lengths that it takes (C_GetTokenInfo)."
          : ` The token takes ${token.minPin} to ${token.maxPin} (${rowText(token)}).`;
      const counts = call.name.startsWith("C_Login") ? " Most tokens do not count this as a wrong try." : "";
      return { here: `The PIN's length was refused.${given}${range}${counts}` };
    },
  },
  {
    codes: ["CKR_PIN_EXPIRED"],
    tell: () => ({
      here: "The PIN was right, but has to be changed before anything else (C_SetPIN).",
    }),
  },
  {
    codes: ["CKR_USER_PIN_NOT_INITIALIZED"],
    tell: (call, past) => {
      const token = tokenKnown(slotKnown(call, past), past);
      const told = token !== null && !token.flags.includes("CKF_USER_PIN_INITIALIZED");
      return {
        here: `No user PIN was ever set on this token.${told ? ` Its flags said so before (${rowText(token)}: CKF_USER_PIN_INITIALIZED is missing).` : ""}`,
      };
    },
  },
  {
    codes: ["CKR_ARGUMENTS_BAD"],
    functions: /^C_(Login|SetPIN|InitPIN|InitToken)$/,
    tell: (call, past) => {
      if (!isPinPad(fieldOf(call, "pPin") ?? fieldOf(call, "pOldPin"))) return null;
      const token = tokenKnown(slotKnown(call, past), past);
      const pad = token?.flags.includes("CKF_PROTECTED_AUTHENTICATION_PATH") ?? false;
      return {
        here: pad
          ? "No PIN was given, which means entry on the reader's PIN pad; the token has one (CKF_PROTECTED_AUTHENTICATION_PATH), but the library refused."
          : "No PIN was given (NULL), which means entry on the reader's PIN pad. This token did not say that it has one.",
        remedy: "Give the PIN, or use a reader with a PIN pad that the library knows.",
      };
    },
  },
  {
    codes: ["CKR_SESSION_READ_ONLY"],
    functions: /^C_(InitPIN|SetPIN)$/,
    tell: (call, past) => {
      const session = lastOf(past, ["C_OpenSession"], succeeded);
      return session === null
        ? null
        : { here: `PINs are changed in read-write sessions only; ${call.name} came in one without CKF_RW_SESSION.` };
    },
  },
];
