import type { Finding, LoginTrace } from "../../../preload/contract/trace.ts";
import { nameCodes, programText, type TraceView } from "../view/view.ts";

/** What detectors look at. */
export interface Evidence {
  view: TraceView;
  logins: LoginTrace;
}
/** Looks for one thing. Passes over columns; decodes some hundred rows at most. */
export type Detector = (evidence: Evidence) => Finding | null;

/** At most so many rows are linked; `count` tells how many there are. */
export const linkedRows = 200;

/** Rows of one kind while they are being found. */
export class Rows {
  readonly rows: number[] = [];
  count = 0;
  add(row: number): void {
    this.count += 1;
    if (this.rows.length < linkedRows) this.rows.push(row);
  }
}

/** Calls with one of these names (all, if null) that are not ambiguous, in the order of time. */
export function* callRows(view: TraceView, names: Iterable<string> | null): Generator<number> {
  const codes = names === null ? null : nameCodes(view, names);
  if (codes?.size === 0) return;
  for (let row = 0; row < view.count; row += 1)
    if ((codes === null || codes.has(view.nameAt(row))) && view.isCall(row) && !view.isAmbiguous(row)) yield row;
}

/** How texts name the program with this number. */
export const programNamed = (view: TraceView, program: number): string =>
  programText(view.programs[program] ?? { program: null, process: null });

/** "3 calls", "1 call". */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** Every n-th of the rows, so that at most `limit` are left. */
export const sample = (rows: ArrayLike<number>, limit: number): number[] => {
  const step = Math.max(1, Math.ceil(rows.length / limit));
  return Array.from({ length: Math.ceil(rows.length / step) }, (_, index) => rows[index * step] ?? 0);
};
