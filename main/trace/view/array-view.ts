import type { TraceCall } from "../../../preload/contract/trace.ts";
import { processKey, type TraceProgram, type TraceView } from "./view.ts";

const coded = (values: readonly (string | null)[]) => {
  const names: string[] = [];
  const codes = new Map<string, number>();
  const column = values.map((value) => {
    if (value === null) return -1;
    const known = codes.get(value);
    if (known !== undefined) return known;
    codes.set(value, names.length);
    return names.push(value) - 1;
  });
  return { names, column };
};

/** A view of calls that are decoded already: for small pieces of traces. Row numbers are places in the list. */
export const arrayView = (calls: readonly TraceCall[], programNames: readonly (string | null)[] = []): TraceView => {
  const functions = coded(calls.map(({ name }) => name));
  const codes = coded(calls.map(({ rv }) => rv));
  const processes = coded(calls.map(processKey));
  const threads = coded(calls.map((call) => `${processKey(call)}/${call.thread}`));
  const programs: TraceProgram[] = [];
  const lanes: { program: number; thread: string | null }[] = [];
  for (const [at, call] of calls.entries()) {
    const program = processes.column[at] ?? 0;
    programs[program] ??= {
      process: call.process,
      program: programNames[call.file] ?? null,
      file: call.file,
      tellsAll: true,
    };
    lanes[threads.column[at] ?? 0] ??= { program, thread: call.thread };
  }
  const has = (row: number, mark: TraceCall["marks"][number]) => calls[row]?.marks.includes(mark) ?? false;
  return {
    count: calls.length,
    names: functions.names,
    codes: codes.names,
    programs,
    lanes,
    isCall: (row) => calls[row]?.kind === "call",
    isCommand: (row) => calls[row]?.kind === "apdu",
    nameAt: (row) => functions.column[row] ?? -1,
    codeAt: (row) => codes.column[row] ?? -1,
    laneAt: (row) => threads.column[row] ?? -1,
    sessionAt: (row) => Number(calls[row]?.session ?? 0),
    startAt: (row) => {
      const time = calls[row]?.time ?? null;
      return time === null ? Number.NaN : Number(time) / 1e6;
    },
    durationAt: (row) => calls[row]?.duration ?? Number.NaN,
    isAmbiguous: (row) => has(row, "ambiguous"),
    isError: (row) => calls[row]?.outcome === "error",
    neverReturned: (row) => has(row, "no-return"),
    calls: function* (rows) {
      for (const row of rows) {
        const call = calls[row];
        if (call !== undefined) yield call;
      }
    },
  };
};
