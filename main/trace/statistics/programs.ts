import type { TraceSummary } from "../../../preload/contract/trace.ts";
import { loginFunctions } from "../../../preload/contract/trace-words.ts";
import { nameCodes, programAt, returnCode, type TraceView } from "../view/view.ts";

const timeText = (milliseconds: number): string | null =>
  Number.isFinite(milliseconds)
    ? BigInt(Math.round(milliseconds * 1000))
        .toString()
        .concat("000")
    : null;

/** Calls, errors, sessions and logins of each process, in the order of their first call. One pass. Ambiguous records are left out. */
export const programCounts = (view: TraceView): TraceSummary["programs"] => {
  const rows = view.programs.map(({ process, program }) => ({
    program: program ?? "",
    process,
    calls: 0,
    errors: 0,
    sessions: 0,
    logins: 0,
    first: Number.NaN,
    last: Number.NaN,
  }));
  const opens = nameCodes(view, ["C_OpenSession"]);
  const logins = nameCodes(view, loginFunctions);
  const ok = returnCode(view, "CKR_OK");
  for (let row = 0; row < view.count; row += 1) {
    if (!view.isCall(row) || view.isAmbiguous(row)) continue;
    const entry = rows[programAt(view, row)];
    if (entry === undefined) continue;
    const name = view.nameAt(row);
    const code = view.codeAt(row);
    entry.calls += 1;
    if (view.isError(row)) entry.errors += 1;
    if (opens.has(name) && code === ok) entry.sessions += 1;
    if (logins.has(name)) entry.logins += 1;
    const start = view.startAt(row);
    if (!(entry.first <= start)) entry.first = start;
    if (!(entry.last >= start)) entry.last = start;
  }
  return rows
    .filter(({ calls }) => calls > 0)
    .map(({ first, last, ...entry }) => ({ ...entry, first: timeText(first), last: timeText(last) }));
};

/** Calls of each thread, busiest first. One pass. Ambiguous records are left out. */
export const threadCounts = (view: TraceView): TraceSummary["threads"] => {
  const counts = new Float64Array(view.lanes.length);
  for (let row = 0; row < view.count; row += 1) {
    const lane = view.laneAt(row);
    if (lane >= 0 && view.isCall(row) && !view.isAmbiguous(row)) counts[lane] = (counts[lane] ?? 0) + 1;
  }
  return view.lanes
    .map(({ program, thread }, lane) => ({
      process: view.programs[program]?.process ?? null,
      thread: thread ?? "",
      calls: counts[lane] ?? 0,
    }))
    .filter(({ calls, thread }) => calls > 0 && thread !== "")
    .sort((a, b) => b.calls - a.calls);
};
