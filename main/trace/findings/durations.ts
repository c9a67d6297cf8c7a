import { nameCodes } from "../view/view.ts";
import { callRows, counted, type Detector, Rows } from "./finding.ts";

const slow = 1e9;
const decoded = 100;
/** Their time is a person's or a token's to come. */
const waits = ["C_WaitForSlotEvent", "C_Login", "C_LoginUser", "C_SetPIN", "C_InitPIN"];

/** Calls that took a second or more, as far as the log measured both ends. */
export const slowCalls: Detector = ({ view }) => {
  const waiting = nameCodes(view, waits);
  const candidates: number[] = [];
  let count = 0;
  for (const row of callRows(view, null)) {
    if (!(view.durationAt(row) >= slow) || waiting.has(view.nameAt(row))) continue;
    count += 1;
    candidates.push(row);
  }
  const slowest = candidates.sort((a, b) => view.durationAt(b) - view.durationAt(a)).slice(0, decoded);
  const found = new Rows();
  const names = new Set<string>();
  for (const call of view.calls(slowest)) {
    if (call.durationIs !== "exact") continue;
    found.add(call.row);
    names.add(call.name);
  }
  const [first] = found.rows;
  if (first === undefined) return null;
  return {
    id: "slow-calls",
    severity: "hint",
    title: "Calls of a second and more",
    text: `${counted(count, "call")} took a second or more (${[...names].slice(0, 5).join(", ")}), the longest ${(view.durationAt(first) / 1e9).toFixed(1)} s. Key generation and RSA on small devices are so slow; other calls are not.`,
    remedy: "Compare with the statistics of the function, and look what came right before.",
    rows: found.rows,
    count,
  };
};

/** Calls whose return is not in the log. */
export const neverReturned: Detector = ({ view }) => {
  const waiting = nameCodes(view, ["C_WaitForSlotEvent"]);
  const found = new Rows();
  const names = new Set<string>();
  let waits = 0;
  for (const row of callRows(view, null)) {
    if (!view.neverReturned(row)) continue;
    if (waiting.has(view.nameAt(row))) waits += 1;
    found.add(row);
    names.add(view.names[view.nameAt(row)] ?? "");
  }
  if (found.count === 0) return null;
  const base = { id: "never-returned", rows: found.rows, count: found.count };
  return waits === found.count
    ? {
        ...base,
        severity: "hint",
        title: "A wait for a token never ended",
        text: "C_WaitForSlotEvent has no return in the log: the program was ended while it waited, or still waits.",
        remedy: "",
      }
    : {
        ...base,
        severity: "error",
        title: "A call never came back",
        text: `${[...names].slice(0, 5).join(", ")}: the log has no return. The program was ended or crashed inside the call, the library hangs, or the log stops here.`,
        remedy: "See whether the process ended at that time. A crash inside the call is the library's fault.",
      };
};
