import type { TraceFile } from "../../../preload/contract/trace.ts";
import { kindNumber, markBit, outcomeNumber, outcomes } from "../index/flags.ts";
import type { TraceReader } from "../reader.ts";
import type { TraceProgram, TraceView } from "./view.ts";

/** OpenSC's own log has no line for C_FindObjects, C_FindObjectsFinal and others, and no result of C_CloseSession. */
const tellsAll = (file: TraceFile | undefined): boolean => file?.dialect !== "opensc-debug";

const errorOutcome = outcomes.indexOf("error");

/** What the analyses see of an opened trace as it is now; not to be kept over turns of the event loop. */
export const readerView = (reader: TraceReader): TraceView => {
  const { columns, lanes, files } = reader;
  const { time, duration, name, rv, lane, flags, kind, session } = columns;
  const at = (row: number): number => reader.slot(row);
  const programs: TraceProgram[] = [];
  const programIds = new Map<string, number>();
  const laneProgram = lanes.map(({ file, process }) => {
    const key = process === null ? `file ${file}` : `${process}`;
    const known = programIds.get(key);
    if (known !== undefined) return known;
    const id =
      programs.push({ process, program: files[file]?.program ?? null, file, tellsAll: tellsAll(files[file]) }) - 1;
    programIds.set(key, id);
    return id;
  });
  const callKind = kindNumber.call;
  const commandKind = kindNumber.apdu;
  return {
    count: reader.rowCount,
    names: reader.names,
    codes: reader.returnCodes,
    programs,
    lanes: lanes.map(({ thread }, id) => ({ program: laneProgram[id] ?? 0, thread: thread === "" ? null : thread })),
    isCall: (row) => kind[at(row)] === callKind,
    isCommand: (row) => kind[at(row)] === commandKind,
    nameAt: (row) => name[at(row)] ?? 0,
    codeAt: (row) => {
      const code = rv[at(row)] ?? 0;
      return code === 0 ? -1 : code;
    },
    laneAt: (row) => lane[at(row)] ?? 0,
    sessionAt: (row) => session[at(row)] ?? 0,
    startAt: (row) => (time[at(row)] ?? Number.NaN) / 1000,
    durationAt: (row) => duration[at(row)] ?? Number.NaN,
    isAmbiguous: (row) => ((flags[at(row)] ?? 0) & markBit.ambiguous) !== 0,
    isError: (row) => outcomeNumber(flags[at(row)] ?? 0) === errorOutcome,
    neverReturned: (row) => ((flags[at(row)] ?? 0) & markBit["no-return"]) !== 0,
    calls: function* (rows) {
      for (const row of rows) if (row >= 0 && row < reader.rowCount) yield reader.parse(row);
    },
  };
};
