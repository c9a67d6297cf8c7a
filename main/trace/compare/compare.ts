import type { ComparePart, TraceCall, TraceRow } from "../../../preload/contract/trace.ts";
import type { TraceView } from "../view/view.ts";
import { align, type Step } from "./align.ts";
import { difference } from "./difference.ts";
import { partsOf, rowsOfPart } from "./parts.ts";

/** Which parts of two traces to compare (the busiest processes, if not given), and which steps to give. */
export interface Wanted {
  from: number;
  limit: number;
  leftPart?: string | undefined;
  rightPart?: string | undefined;
}

interface Side {
  part: string;
  parts: ComparePart[];
}

export interface Comparison {
  left: Side;
  right: Side;
  same: number;
  total: number;
  first: { left: number | null; right: number | null; why: string } | null;
  steps: { left: TraceRow | null; right: TraceRow | null; difference: string }[];
}

/** Steps that are alike, shown around those that are not. */
const context = 3;
/** Pairs whose arguments are compared; beyond, names and return codes alone. */
const decodedPairs = 15_000;

/** The part with this key; without one, or if there is none such any more, the busiest process. */
const chosen = (parts: readonly ComparePart[], key: string | undefined): ComparePart =>
  parts.find((part) => part.key === key) ??
  parts[0] ?? { key: "", process: null, program: null, thread: null, calls: 0 };

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
 * addresses, slots, processes and times. Of each trace one part counts: the others are noise in a comparison of two
 * programs.
 * @param wanted steps are those that differ, and some around them
 */
export const compare = (left: TraceView, right: TraceView, wanted: Wanted): Comparison => {
  const { from, limit } = wanted;
  const ids = new Map<string, number>();
  const [leftParts, rightParts] = [partsOf(left), partsOf(right)];
  const [leftPart, rightPart] = [chosen(leftParts, wanted.leftPart), chosen(rightParts, wanted.rightPart)];
  const [leftRows, rightRows] = [rowsOfPart(left, leftPart), rowsOfPart(right, rightPart)];
  const result: Comparison = {
    left: { part: leftPart.key, parts: leftParts },
    right: { part: rightPart.key, parts: rightParts },
    same: 0,
    total: 0,
    first: null,
    steps: [],
  };
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
    const place = result.total++;
    if (place < from || result.steps.length >= limit) return;
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
