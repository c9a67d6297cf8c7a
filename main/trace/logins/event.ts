import type { LoginEvent, TraceCall } from "../../../preload/contract/trace.ts";
import { loginFunctions, pinCommands } from "../../../preload/contract/trace-words.ts";
import { isEmptyPinCommand } from "../explain/explain.ts";
import { statusWord } from "../explain/iso7816.ts";
import { type User, userOf } from "../explain/known.ts";
import { isPinPad } from "../explain/pins.ts";
import { fieldOf, sessionOf } from "../view/fields.ts";
import { pinMessage } from "./functions.ts";

const pinParameters = ["pPin", "pOldPin", "pNewPin"];

const howOf = (call: TraceCall): LoginEvent["how"] => {
  if (call.name === "C_Logout") return "none";
  const pin = pinParameters.map((name) => fieldOf(call, name)).find((field) => field !== undefined);
  return isPinPad(pin) ? "PIN pad" : "PIN";
};

/** What an event says by itself; token, flags and meaning come from what is around it. */
export interface BareEvent extends LoginEvent {
  user: User | null;
  /** The PIN was compared and is wrong, or is locked. */
  verdict: "right" | "wrong" | "locked" | "other";
}

const verdicts: ReadonlyMap<string, BareEvent["verdict"]> = new Map([
  ["CKR_OK", "right"],
  ["0", "right"],
  ["9000", "right"],
  ["CKR_PIN_INCORRECT", "wrong"],
  ["-1214", "wrong"],
  ["6300", "wrong"],
  ["CKR_PIN_LOCKED", "locked"],
  ["-1212", "locked"],
  ["6983", "locked"],
]);

const functionOf = (call: TraceCall): LoginEvent["function"] | null => {
  if (call.kind === "call") return loginFunctions.find((name) => name === call.name) ?? null;
  if (call.kind === "apdu") return pinCommands.find((name) => name === call.name) ?? null;
  // The lines in which a function begins have no code.
  return call.name === pinMessage && call.rv !== null ? "VERIFY" : null;
};

/** @returns null if the record is no login, logout or PIN change */
export const bareEvent = (call: TraceCall, program: string | null): BareEvent | null => {
  const name = functionOf(call);
  if (name === null) return null;
  const question = call.kind === "apdu" && isEmptyPinCommand(call);
  const word = call.kind === "apdu" && call.rv !== null ? statusWord(call.rv, question) : null;
  const triesLeft = word?.triesLeft ?? null;
  const counted = triesLeft === null ? "other" : triesLeft === 0 ? "locked" : "wrong";
  const verdict = question ? (triesLeft === 0 ? "locked" : "other") : (verdicts.get(call.rv ?? "") ?? counted);
  return {
    row: call.row,
    time: call.time,
    function: name,
    process: call.process,
    program,
    session: sessionOf(call),
    slot: null,
    token: null,
    user: userOf(call),
    how: question ? "none" : howOf(call),
    rv: call.rv,
    outcome: word?.outcome ?? call.outcome,
    meaning: word?.meaning ?? "",
    flagsBefore: null,
    flagsAfter: null,
    triesLeft,
    duration: call.duration,
    durationIs: call.durationIs,
    verdict,
  };
};
