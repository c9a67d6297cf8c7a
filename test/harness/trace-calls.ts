import { outcomeByName } from "../../main/trace/outcome.ts";
import type { TraceCall, TraceField } from "../../preload/contract/trace.ts";

/** Writes calls as they come out of a dialect, for tests. */
export const text = (
  name: string,
  value: string,
  direction: "in" | "out" = "in",
  more: Partial<TraceField> = {},
): TraceField => ({ name, direction, text: value, kind: "text", ...more });

export const handle = (name: string, value: string, direction: "in" | "out" = "in"): TraceField =>
  text(name, value, direction, { kind: "handle", handle: value });

export const template = (attributes: Record<string, string>, direction: "in" | "out" = "in"): TraceField =>
  text("pTemplate", `${Object.keys(attributes).length} attributes`, direction, {
    kind: "template",
    fields: Object.entries(attributes).map(([name, value]) => text(name, value, direction, { kind: "attribute" })),
  });

export const mechanism = (name: string): TraceField => text("pMechanism", name, "in", { kind: "mechanism" });

export const tokenInfo = (label: string, serial: string, flags: string): TraceField =>
  text("pInfo", "", "out", {
    kind: "structure",
    fields: [
      text("label", label, "out"),
      text("serialNumber", serial, "out"),
      text("ulMaxPinLen", "15", "out"),
      text("ulMinPinLen", "6", "out"),
      text("flags", flags, "out", { kind: "flags" }),
    ],
  });

const defaults: Omit<TraceCall, "row" | "name" | "outcome"> = {
  file: 0,
  kind: "call",
  depth: 0,
  number: null,
  time: null,
  duration: 1_000_000,
  durationIs: "exact",
  process: 100,
  thread: "1",
  rv: "CKR_OK",
  rvNumber: null,
  session: null,
  summary: "",
  marks: [],
  fields: [],
};

export type CallSketch = Partial<TraceCall> & { name: string };

/** Calls from their parts that matter, in the order of time, a millisecond apart. */
export const trace = (...sketches: readonly CallSketch[]): TraceCall[] =>
  sketches.map((sketch, row) => {
    const call = {
      ...defaults,
      row,
      number: row,
      time: `${1_764_000_000_000_000_000n + BigInt(row) * 1_000_000n}`,
      ...sketch,
    };
    return { ...call, outcome: outcomeByName(call.name, call.rv) };
  });
