import type { TraceCall } from "../../../../preload/contract/trace.ts";
import { fieldOf, isNull, mechanismOf, numberOf, sessionOf, slotOf } from "../../view/fields.ts";
import { initName, initOf, rowText, slotKnown } from "../known.ts";
import { lastOf, type Past, succeeded } from "../past.ts";
import type { Here, Rule } from "./rule.ts";

/** Calls that go on with or end the operation which an Init function began. */
const family = (init: string): string[] => {
  const base = /^C_(.*)Init$/.exec(init)?.[1] ?? "";
  if (base === "FindObjects") return ["C_FindObjects", "C_FindObjectsFinal"];
  const message = /^Message(.*)$/.exec(base)?.[1];
  if (message !== undefined)
    return [`C_${message}Message`, `C_${message}MessageBegin`, `C_${message}MessageNext`, `C_${base}Final`];
  return [`C_${base}`, `C_${base}Update`, `C_${base}Final`];
};

const breakers = ["C_Logout", "C_Login", "C_SessionCancel", "C_CloseSession"];

const asksSize = (call: TraceCall): boolean =>
  call.marks.includes("size-question") || call.rv === "CKR_BUFFER_TOO_SMALL";

const whyNotInitialized = (call: TraceCall, past: Past): Here | null => {
  const init = initName(call.name);
  if (init === null) return null;
  const session = sessionOf(call);
  const begun = initOf(call, past);
  if (begun === null)
    return {
      here: `No ${init} stands before it in session ${session ?? ""} in this trace.`,
      remedy: `Call ${init} first, in the same session.`,
    };
  if (!succeeded(begun))
    return {
      here: `${init} failed before (${rowText(begun)}: ${begun.rv}), so nothing was begun.`,
      remedy: `Look at ${rowText(begun)}; that is the real error.`,
    };
  const after = lastOf(
    past,
    [...family(init), ...breakers],
    (earlier) => earlier.row > begun.row && (sessionOf(earlier) === session || earlier.name === "C_Logout"),
  );
  if (after === null)
    return {
      here: `${init} succeeded in ${rowText(begun)}, and nothing ended the operation in this process: the token was reset, or another thread used the session.`,
    };
  if (after.name === "C_Logout" || after.name === "C_CloseSession" || after.name === "C_SessionCancel")
    return {
      here: `The operation of ${rowText(begun)} was ended by ${after.name} (${rowText(after)}).`,
      remedy: `Call ${init} again.`,
    };
  if (!succeeded(after) && !asksSize(after))
    return {
      here: `The operation of ${rowText(begun)} ended with the error of ${after.name} in ${rowText(after)} (${after.rv}). Every error other than CKR_BUFFER_TOO_SMALL ends it.`,
      remedy: `Look at ${rowText(after)}; that is the real error. Call ${init} again for another try.`,
    };
  if (asksSize(after))
    return {
      here: `The operation of ${rowText(begun)} should still be active after the question for the length in ${rowText(after)}; this library ended it.`,
      remedy: "A fault of the library. Programs get round it with a buffer that is large enough from the start.",
    };
  return {
    here: `The operation of ${rowText(begun)} was finished by ${after.name} in ${rowText(after)}. Each one needs an Init call of its own.`,
    remedy: `Call ${init} before each one.`,
  };
};

const whyActive = (call: TraceCall, past: Past): Here | null => {
  const session = sessionOf(call);
  const begun = lastOf(past, [call.name], (earlier) => succeeded(earlier) && sessionOf(earlier) === session);
  if (begun === null) return null;
  const isSearch = call.name === "C_FindObjectsInit";
  const other = begun.thread === call.thread ? "" : ` by another thread (${begun.thread}): two threads share a session`;
  return {
    here: `An operation begun in ${rowText(begun)}${other} was not finished in this session.${isSearch ? " C_FindObjectsFinal is missing." : ""}`,
    remedy: isSearch
      ? "Call C_FindObjectsFinal after each search, also after one that found nothing or failed."
      : "Finish the operation (its last call, with a buffer), or end it with C_SessionCancel; use one session a thread.",
  };
};

const mechanismHere = (call: TraceCall, past: Past): Here | null => {
  const mechanism = mechanismOf(call);
  if (mechanism === null) return null;
  const slot = slotKnown(call, past);
  const info = lastOf(
    past,
    ["C_GetMechanismInfo"],
    (earlier) => succeeded(earlier) && mechanismOf(earlier) === mechanism,
  );
  const list = lastOf(
    past,
    ["C_GetMechanismList"],
    (earlier) =>
      succeeded(earlier) &&
      !isNull(fieldOf(earlier, "pMechanismList")) &&
      /CKM_|0x/.test(mechanismText(earlier)) &&
      (slot === null || slotOf(earlier) === null || slotOf(earlier) === slot),
    20,
  );
  if (list === null)
    return {
      here: `${mechanism} was refused.${info === null ? " The program did not ask for the token's mechanisms before." : ` C_GetMechanismInfo knew it (${rowText(info)}), so it is not for this use or key.`}`,
      remedy: "Compare with the token's mechanism list (C_GetMechanismList) and their uses (C_GetMechanismInfo).",
    };
  const isListed = new RegExp(`\\b${mechanism}\\b`).test(mechanismText(list));
  return isListed
    ? {
        here: `${mechanism} is in the token's mechanism list (${rowText(list)}), so it is not for this use: ${call.name}.`,
        remedy: "C_GetMechanismInfo tells the uses of a mechanism.",
      }
    : {
        here: `${mechanism} is not in the token's mechanism list (${rowText(list)}).`,
        remedy:
          "Choose a mechanism of the list. For signing with a hash in it, hash in the program and use the plain one (CKM_RSA_PKCS, CKM_ECDSA).",
      };
};

/** All text of a C_GetMechanismList's answer. */
export const mechanismText = (call: TraceCall): string => {
  const list = fieldOf(call, "pMechanismList", "out") ?? fieldOf(call, "pMechanismList");
  return [list?.text ?? "", ...(list?.fields ?? []).map(({ text }) => text)].join(" ");
};

/** The output's length parameter, as far as the log shows it. */
const needed = (call: TraceCall): number | null => {
  const field = call.fields.find(
    ({ name, direction }) => direction === "out" && /^\*?pul.*Len$|^\*?pulCount$/.test(name),
  );
  return numberOf(field);
};

export const operationRules: readonly Rule[] = [
  { codes: ["CKR_OPERATION_NOT_INITIALIZED"], tell: whyNotInitialized },
  { codes: ["CKR_OPERATION_ACTIVE"], tell: whyActive },
  { codes: ["CKR_MECHANISM_INVALID"], tell: mechanismHere },
  {
    codes: ["CKR_MECHANISM_PARAM_INVALID"],
    tell: (call) => {
      const mechanism = mechanismOf(call);
      return mechanism === null
        ? null
        : { here: `The parameters of ${mechanism} were refused; they stand among the arguments.` };
    },
  },
  {
    codes: ["CKR_BUFFER_TOO_SMALL"],
    tell: (call) => {
      const length = needed(call);
      const much = length === null ? "" : ` ${length} bytes are needed.`;
      return call.marks.includes("size-question")
        ? {
            here: `No error: the program asked for the length only (no buffer).${much} This library answers so where others answer CKR_OK.`,
            remedy: "",
          }
        : {
            here: `The program's buffer was too small.${much} The operation stays active: the call can be repeated with more room.`,
            remedy: "The program has to give a larger buffer, or to ask for the length first (NULL).",
          };
    },
  },
  {
    codes: ["CKR_DATA_LEN_RANGE"],
    tell: (call, past) => {
      const init = initOf(call, past);
      const mechanism = init === null ? mechanismOf(call) : mechanismOf(init);
      const length = (fieldOf(call, "pData", "in") ?? fieldOf(call, "pPart", "in"))?.length;
      const given = length === undefined ? "" : ` ${length} bytes were given.`;
      if (mechanism === null) return null;
      const why = /^CKM_RSA_PKCS$/.test(mechanism)
        ? " It takes at most the key's length less 11 bytes: a digest with its DigestInfo, not the document."
        : /^CKM_RSA_X_509$/.test(mechanism)
          ? " It takes at most the key's length."
          : /^CKM_ECDSA$/.test(mechanism)
            ? " It takes a digest; some tokens none longer than the curve's order."
            : "";
      return { here: `${mechanism} does not take this length.${given}${why}` };
    },
  },
  {
    codes: ["CKR_SIGNATURE_INVALID", "CKR_SIGNATURE_LEN_RANGE"],
    functions: /^C_(Verify|MessageVerify)/,
    tell: () => ({
      here: "The call worked; its answer is that the signature is not right for these data and this key.",
    }),
  },
  {
    codes: ["CKR_OK"],
    tell: (call) => {
      if (!call.marks.includes("size-question")) return null;
      const length = needed(call);
      return {
        here: `The program asked for the length only (NULL buffer)${length === null ? "" : `; the answer is ${length}`}. The operation goes on with the same call and a buffer.`,
      };
    },
  },
];
