import type { TraceCall, TraceRow } from "../../../preload/contract/trace.ts";
import { programAt, type TraceView } from "../view/view.ts";
import { align, type Step } from "./align.ts";
import { difference } from "./difference.ts";

export interface Comparison {
  same: number;
  first: { left: number | null; right: number | null; why: string } | null;
  steps: { left: TraceRow | null; right: TraceRow | null; difference: string }[];
}

/** Steps that are alike, shown around those that are not. */
const context = 3;
/** Pairs whose arguments are compared; beyond, names and return codes alone. */
const decodedPairs = 15_000;

/** Rows of the calls of a trace's busiest process: the others are noise in a comparison of two programs. */
const callsOf = (view: TraceView): Uint32Array => {
  const counts = view.programs.map(() => 0);
  for (let row = 0; row < view.count; row += 1) {
    const program = programAt(view, row);
    if (view.isCall(row)) counts[program] = (counts[program] ?? 0) + 1;
  }
  const busiest = counts.indexOf(Math.max(0, ...counts));
  const rows = new Uint32Array(counts[busiest] ?? 0);
  let used = 0;
  for (let row = 0; row < view.count; row += 1)
    if (view.isCall(row) && programAt(view, row) === busiest) rows[used++] = row;
  return rows;
};

const namesOf = (view: TraceView, rows: Uint32Array, ids: Map<string, number>): Uint16Array => {
  const byCode = view.names.map((name) => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    ids.set(name, ids.size);
    return ids.size - 1;
  });
  return Uint16Array.from(rows, (row) => byCode[view.nameAt(row)] ?? 0xffff);
};

const callAt = (view: TraceView, row: number): TraceCall | null => {
  for (const call of view.calls([row])) return call;
  return null;
};
const rowOf = (call: TraceCall | null): TraceRow | null => {
  if (call === null) return null;
  const { fields: _fields, rvNumber: _number, ...row } = call;
  return row;
};

/**
 * Two traces side by side: calls are paired by their functions in order, and each pair compared without handles,
 * addresses, slots, processes and times. Of each trace the process with the most calls counts.
 * @param limit steps to give: those that differ, and some around them
 */
export const compare = (left: TraceView, right: TraceView, limit: number): Comparison => {
  const ids = new Map<string, number>();
  const [leftRows, rightRows] = [callsOf(left), callsOf(right)];
  const result: Comparison = { same: 0, first: null, steps: [] };
  let before: Step[] = [];
  let after = 0;
  let decoded = 0;
  const codeText = (view: TraceView, row: number) => view.codes[view.codeAt(row)] ?? "no return";
  const differenceAt = (l: number, r: number): string => {
    if (decoded >= decodedPairs) {
      const [a, b] = [codeText(left, l), codeText(right, r)];
      return a === b ? "" : `${a} on the left, ${b} on the right`;
    }
    decoded += 1;
    const [a, b] = [callAt(left, l), callAt(right, r)];
    return a === null || b === null ? "" : difference(a, b);
  };
  const show = ([l, r]: Step, text: string) => {
    if (result.steps.length >= limit) return;
    result.steps.push({
      left: l === null ? null : rowOf(callAt(left, leftRows[l] ?? 0)),
      right: r === null ? null : rowOf(callAt(right, rightRows[r] ?? 0)),
      difference: text,
    });
  };
  align(namesOf(left, leftRows, ids), namesOf(right, rightRows, ids), (step) => {
    const [l, r] = step;
    const [leftRow, rightRow] = [l === null ? null : (leftRows[l] ?? 0), r === null ? null : (rightRows[r] ?? 0)];
    const name = leftRow !== null ? left.names[left.nameAt(leftRow)] : right.names[right.nameAt(rightRow ?? 0)];
    const text =
      leftRow !== null && rightRow !== null
        ? differenceAt(leftRow, rightRow)
        : `${name} on the ${leftRow === null ? "right" : "left"} only`;
    if (text === "") {
      result.same += 1;
      if (after > 0) {
        after -= 1;
        show(step, "");
      } else {
        before.push(step);
        if (before.length > context) before.shift();
      }
      return;
    }
    result.first ??= {
      left: leftRow,
      right: rightRow,
      why: leftRow !== null && rightRow !== null ? `${name}: ${text}` : text,
    };
    for (const earlier of before) show(earlier, "");
    before = [];
    after = context;
    show(step, text);
  });
  return result;
};
