import type { TraceCall, TraceRow } from "../../preload/contract/trace.ts";
import { kinds, marksOf, outcomeOf } from "./index/flags.ts";
import type { TraceReader } from "./reader.ts";
import type { TraceLog } from "./trace-log.ts";

/** A time of the index as the contract has it: ns as text, of microseconds with fractions. */
export const nanoseconds = (microseconds: number): string => String(BigInt(Math.round(microseconds * 8)) * 125n);

/** A row as far as the index knows it: no number, no summary; times rounded to 1/4 us. */
export const indexedRow = (reader: TraceReader, row: number, slot: number): TraceRow => {
  const { columns, names, returnCodes, lanes } = reader;
  const flags = columns.flags[slot] ?? 0;
  const lane = lanes[columns.lane[slot] ?? 0];
  const time = columns.time[slot] ?? Number.NaN;
  const duration = columns.duration[slot] ?? Number.NaN;
  const session = columns.session[slot] ?? 0;
  const file = lane?.file ?? 0;
  return {
    row,
    file,
    kind: kinds[columns.kind[slot] ?? 0] ?? "note",
    depth: columns.depth[slot] ?? 0,
    number: null,
    time: Number.isNaN(time) ? null : nanoseconds(time),
    duration: Number.isNaN(duration) ? null : Math.round(duration),
    durationIs: Number.isNaN(duration) ? "unknown" : reader.durationIs(file),
    process: lane?.process ?? null,
    thread: lane?.thread || null,
    name: names[columns.name[slot] ?? 0] ?? "",
    rv: returnCodes[columns.rv[slot] ?? 0] || null,
    outcome: outcomeOf(flags),
    session: session === 0 ? null : `0x${session.toString(16)}`,
    summary: "",
    marks: marksOf(flags),
  };
};

/** What is needed of a log to decode its records. */
type ReadableLog = Pick<TraceLog, "log" | "dialect"> & { detection: Pick<TraceLog["detection"], "facts" | "version"> };

/** Reads a record and decodes it. */
export const parseRecord = (
  reader: TraceReader,
  { log, dialect, detection: { facts, version } }: ReadableLog,
  slot: number,
  row: number,
): TraceCall =>
  dialect.parse(log.record(reader.columns.offset[slot] ?? 0, reader.columns.length[slot] ?? 0), {
    row: indexedRow(reader, row, slot),
    facts,
    version,
  });
