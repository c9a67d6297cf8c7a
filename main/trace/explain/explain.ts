import type { Explanation, TraceCall } from "../../../preload/contract/trace.ts";
import { explainReturnValue } from "../../pkcs11/return-values.ts";
import { functionText } from "./functions.ts";
import { instructionName, statusWord } from "./iso7816.ts";
import { openscCode } from "./opensc-codes.ts";
import type { Past } from "./past.ts";
import { generalRules } from "./rules/general.ts";
import { loginRules } from "./rules/login.ts";
import { objectRules } from "./rules/object.ts";
import { operationRules } from "./rules/operation.ts";
import { pinRules } from "./rules/pin.ts";
import type { Here, Rule } from "./rules/rule.ts";
import { sessionRules } from "./rules/session.ts";

/** In the order in which they are asked; the first that has something to say is taken. */
const rules: readonly Rule[] = [
  ...pinRules,
  ...loginRules,
  ...sessionRules,
  ...objectRules,
  ...operationRules,
  ...generalRules,
];

const byCode = new Map<string, Rule[]>();
for (const rule of rules) for (const code of rule.codes) byCode.set(code, [...(byCode.get(code) ?? []), rule]);

/** What the return code says in this place; null if nothing more than in general. */
const tellHere = (call: TraceCall, past: Past): Here | null => {
  for (const rule of byCode.get(call.rv ?? "") ?? []) {
    if (rule.functions !== undefined && !rule.functions.test(call.name)) continue;
    const told = rule.tell(call, past);
    if (told !== null) return told;
  }
  return null;
};

const explainCall = (call: TraceCall, past: Past): Explanation => {
  const about = functionText(call.name);
  const purpose =
    about === null
      ? ""
      : `${about.purpose}${about.before === "" ? "" : ` Needs before: ${about.before}`} ${about.callers}`;
  const base = { purpose, source: about?.source ?? "", outcome: call.outcome };
  if (call.rv === null)
    return {
      ...base,
      meaning: "",
      here: call.marks.includes("running")
        ? "The call has not come back yet."
        : call.marks.includes("no-return")
          ? "The log has no return of this call: the program or the library ended or hung inside it, or the log stops here."
          : "The log does not say what this call returned.",
      remedy: call.marks.includes("no-return")
        ? "Look whether the process ended here. A call that waits for a PIN pad, a touch or a key generation may just not be done."
        : "",
    };
  const general = explainReturnValue(call.rv, "");
  const told = tellHere(call, past);
  const failed = call.outcome === "error" || call.outcome === "warning";
  return {
    ...base,
    meaning: general.message,
    here: told?.here ?? "",
    remedy: told?.remedy ?? (failed ? general.remedy : ""),
  };
};

const iso = "ISO/IEC 7816-4";

const explainApdu = (call: TraceCall): Explanation => {
  const word = call.rv === null ? null : statusWord(call.rv, isEmptyPinCommand(call));
  const ins = /^0x([0-9a-f]{2})$/i.exec(call.name)?.[1];
  const name = ins === undefined ? call.name : (instructionName(Number.parseInt(ins, 16)) ?? call.name);
  return {
    purpose: apduPurposes.get(name) ?? `A command to the card: ${name}.`,
    meaning: word?.meaning ?? "",
    here: "",
    remedy: word?.remedy ?? "",
    source: iso,
    outcome: word?.outcome ?? call.outcome,
  };
};

/** VERIFY without a body asks for the tries that are left (ISO/IEC 7816-4, 11.6.6). */
export const isEmptyPinCommand = (call: TraceCall): boolean => {
  if (call.name !== "VERIFY") return false;
  const out = call.fields.find(({ name }) => /outgoing|command|c-apdu/i.test(name)) ?? call.fields[0];
  return out?.length !== undefined && out.length <= 5;
};

const apduPurposes: ReadonlyMap<string, string> = new Map([
  ["VERIFY", "Compares a PIN; without data it asks how many tries are left."],
  ["CHANGE REFERENCE DATA", "Changes a PIN."],
  ["RESET RETRY COUNTER", "Unblocks a PIN, usually with a PUK or SO PIN, and sets a new one."],
  ["SELECT", "Selects an application or file on the card."],
  ["READ BINARY", "Reads a piece of a file."],
  ["READ RECORD", "Reads a record of a file."],
  ["UPDATE BINARY", "Writes a piece of a file."],
  ["GET DATA", "Reads a data object."],
  ["PUT DATA", "Writes a data object."],
  ["GET RESPONSE", "Fetches the rest of the answer before."],
  ["MANAGE SECURITY ENVIRONMENT", "Chooses key and algorithm for the next operation."],
  ["PERFORM SECURITY OPERATION", "Signs, decrypts, hashes or checks a certificate on the card."],
  ["INTERNAL AUTHENTICATE", "Signs with a key of the card to prove who it is."],
  ["GENERAL AUTHENTICATE", "Uses a key of the card (PIV: signing, decrypting), or a step of opening a channel (PACE)."],
  ["GENERATE ASYMMETRIC KEY PAIR", "Makes a key pair on the card, or reads a public key."],
  ["GET CHALLENGE", "Asks for random bytes."],
  ["EXTERNAL AUTHENTICATE", "Proves to the card who the program is."],
]);

const explainMessage = (call: TraceCall): Explanation => {
  const code = call.rv !== null && /^-?\d+$/.test(call.rv) ? openscCode(Number(call.rv)) : null;
  return {
    purpose: call.kind === "note" ? "A line about the log itself." : "A line of OpenSC's own log.",
    meaning: code === null ? "" : `${code.name}: ${code.meaning}`,
    here: "",
    remedy: code?.remedy ?? "",
    source: code === null ? "" : "OpenSC, libopensc/errors.h",
    outcome: call.outcome,
  };
};

/**
 * What a record is for, what its return code means in general and in this place, and what to do.
 * @param past what went before in the same process
 */
export const explain = (call: TraceCall, past: Past): Explanation =>
  call.kind === "call" ? explainCall(call, past) : call.kind === "apdu" ? explainApdu(call) : explainMessage(call);
