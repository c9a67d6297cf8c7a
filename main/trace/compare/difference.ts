import type { TraceCall, TraceField } from "../../../preload/contract/trace.ts";
import { bareName } from "../view/fields.ts";

/** Kinds whose values differ from run to run, or say nothing: handles, addresses, slots, PINs. */
const ofTheRun = new Set<TraceField["kind"]>(["handle", "session", "slot", "pointer", "pin"]);
const addresses = /^(pApplication|Notify|pReserved|CreateMutex|DestroyMutex|LockMutex|UnlockMutex)$/;
/** Room for answers, where a program guesses. */
const room = /^\*?(pul\w*|ulMaxObjectCount)$/;

/** The value of an argument as far as it can be compared between two runs; null: not at all. */
const comparable = (field: TraceField): string | null => {
  const name = bareName(field.name);
  if (ofTheRun.has(field.kind) || addresses.test(name) || room.test(name)) return null;
  if (field.kind === "bytes" || field.masked || (field.kind === "attribute" && field.hex !== undefined))
    return field.length === undefined ? "bytes" : `${field.length} bytes`;
  return field.text.trim();
};

/** In-arguments by path ("pTemplate CKA_LABEL") with their comparable values. */
const argumentsOf = (call: TraceCall): Map<string, string> => {
  const found = new Map<string, string>();
  const walk = (fields: readonly TraceField[], path: string) => {
    for (const field of fields) {
      if (field.direction !== "in") continue;
      const name = `${path}${bareName(field.name)}`;
      const inner = field.fields ?? [];
      if (inner.length > 0 && field.kind !== "mechanism") walk(inner, `${name} `);
      else {
        const value = comparable(field);
        if (value !== null) found.set(name, value);
        if (field.kind === "mechanism") walk(inner, `${name} `);
      }
    }
  };
  walk(call.fields, "");
  return found;
};

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
const codeOf = (call: TraceCall): string => call.rv ?? "no return";

/**
 * In what two calls of the same function differ, apart from handles, addresses, slots, processes and times.
 * @returns "" if in nothing
 */
export const difference = (left: TraceCall, right: TraceCall): string => {
  const parts: string[] = [];
  if (codeOf(left) !== codeOf(right)) parts.push(`${codeOf(left)} on the left, ${codeOf(right)} on the right`);
  const [ours, theirs] = [argumentsOf(left), argumentsOf(right)];
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(name), theirs.get(name)];
    if (a === b) continue;
    if (a === undefined) parts.push(`${name} on the right only (${short(b ?? "")})`);
    else if (b === undefined) parts.push(`${name} on the left only (${short(a)})`);
    else parts.push(`${name}: ${short(a)} and ${short(b)}`);
    if (parts.length > 4) break;
  }
  return parts.join("; ");
};
