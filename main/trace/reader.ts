import type { TraceCall, TraceFile } from "../../preload/contract/trace.ts";
import type { Columns } from "./index/columns.ts";

/** One thread of one process in one file. The lane column of the index counts these. */
export interface Lane {
  /** Index into the trace's files. */
  file: number;
  process: number | null;
  /** As the log spells it; "" if the log does not tell threads apart. */
  thread: string;
}

/**
 * An opened trace, as everything that reads it (statistics, explanations, findings, logins, handles, exports) sees it.
 * Rows are numbered by time over all files. Columns are by slot: `columns.time[slot(row)]`. All of it is synchronous:
 * `parse` reads the record's bytes from the file (some 50 us), so walk columns first and parse only what you must.
 * A trace may grow between two turns of the event loop, never within one.
 */
export interface TraceReader {
  readonly rowCount: number;
  /** Grows each time rows may have changed their numbers. */
  readonly generation: number;
  readonly columns: Columns;
  /** Words behind `columns.name` and `columns.rv`; "" is none. */
  readonly names: readonly string[];
  readonly returnCodes: readonly string[];
  readonly lanes: readonly Lane[];
  readonly files: readonly TraceFile[];
  /** Where a row stands in the columns. */
  slot(row: number): number;
  /** The reverse of `slot`. */
  rowOf(slot: number): number;
  /** The row decoded, masked. Kept for the last few thousand rows. */
  parse(row: number): TraceCall;
  /** Whether the durations of a file are exact, upper bounds, or unknown. */
  durationIs(file: number): "exact" | "at-most" | "unknown";
}
