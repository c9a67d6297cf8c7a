import type { TraceCall } from "../../../preload/contract/trace.ts";

/** A process whose calls are in a trace; logs without process numbers have one per file. */
export interface TraceProgram {
  process: number | null;
  program: string | null;
  /** Index into the trace's files. */
  file: number;
  /** Whether every call is in its log, with its result: only then does it mean something that one is not there. */
  tellsAll: boolean;
}

/**
 * What the analyses need of an opened trace: columns for passes over millions of rows without an object per row, and
 * the decoding of the few rows that a pass wants to know wholly. Rows are numbered from 0 in the order of time.
 */
export interface TraceView {
  readonly count: number;
  /** Functions and other names of records, by code. */
  readonly names: readonly string[];
  /** Return codes as the log has them, by code; -1 in the column: none. */
  readonly codes: readonly string[];
  readonly programs: readonly TraceProgram[];
  /** Threads, each of one program (index). */
  readonly lanes: readonly { program: number; thread: string | null }[];
  /** True for PKCS#11 calls; false for APDUs, messages and notes. */
  isCall(row: number): boolean;
  /** True for commands to the card with their answers. */
  isCommand(row: number): boolean;
  nameAt(row: number): number;
  codeAt(row: number): number;
  laneAt(row: number): number;
  /** Session argument as a number that tells sessions of a process apart; 0: none. */
  sessionAt(row: number): number;
  /** Milliseconds since the epoch (or midnight); NaN if the log has no time. */
  startAt(row: number): number;
  /** ns; NaN if not known. */
  durationAt(row: number): number;
  /** Whether the log does not say which call the record belongs to. Such rows count in no statistics. */
  isAmbiguous(row: number): boolean;
  /** Whether the return code is a failure here, as the list shows it. */
  isError(row: number): boolean;
  neverReturned(row: number): boolean;
  /** Decodes rows, in the order given; some 50 us each. */
  calls(rows: Iterable<number>): Iterable<TraceCall>;
}

/** Codes of names in a view, for comparing columns with. */
export const nameCodes = (view: TraceView, names: Iterable<string>): ReadonlySet<number> => {
  const wanted = new Set(names);
  return new Set(view.names.flatMap((name, code) => (wanted.has(name) ? [code] : [])));
};

/** Code of a return code in a view, for comparing columns with; null, which no column has, if the trace has it nowhere. */
export const returnCode = (view: TraceView, rv: string): number | null => {
  const code = view.codes.indexOf(rv);
  return code < 0 ? null : code;
};

/** Index into the programs of the one that a row is of. */
export const programAt = (view: TraceView, row: number): number => view.lanes[view.laneAt(row)]?.program ?? 0;

/** "pkcs11-tool (process 12)", for texts about one program among several. @param unnamed for one that the log does not name */
export const programText = (
  { program, process }: Pick<TraceProgram, "program" | "process">,
  unnamed = "The program",
): string => {
  const name = program?.split(/[\\/]/).at(-1) ?? unnamed;
  return process === null ? name : `${name} (process ${process})`;
};

/** Which process a decoded call belongs to, for keeping what is known of processes apart. */
export const processKey = (call: Pick<TraceCall, "process" | "file">): string =>
  call.process === null ? `file ${call.file}` : `${call.process}`;
