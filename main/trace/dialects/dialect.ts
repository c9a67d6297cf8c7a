import type { DialectName, TraceCall, TraceFile } from "../../../preload/contract/trace.ts";
import type { Columns } from "../index/columns.ts";
import type { Dictionary } from "../index/dictionary.ts";

/**
 * One kind of log. Everything that depends on how a log is written is behind this interface; everything else (index,
 * filter, explanation, export) is the same for all.
 *
 * Logs are hostile input: a dialect never throws for what stands in one, never takes memory in proportion to a record,
 * and never guesses silently: what it is not sure of it marks (`markBit.ambiguous`, `broken` ...).
 */
export interface Dialect {
  readonly name: DialectName;
  /** What the duration column holds. at-most: not in the log; the engine fills in the time until the thread's next record. */
  readonly durations: "exact" | "at-most" | "none";
  /** Step of the log's clock in ns, for dialects whose durations are "at-most"; 0 if it is not given. */
  readonly clockStep?: number;
  /** What the time column counts from. */
  readonly times: "epoch" | "midnight" | "none";
  /** Bytes before a place that a scanner which starts there must see, to know whether a record begins right there. */
  readonly lookBehind: number;

  /** Looks at the first 64 KiB of a file (all of it, if shorter). Text is already UTF-8 and unwrapped. */
  detect(head: Uint8Array): Detection;
  /** A scanner for one range of a file. */
  scanner(input: ScanInput): Scanner;
  /** Process and thread of a word that the dialect's scanner put into `lanes`. */
  lane(word: string, facts: LogFacts): { process: number | null; thread: string };
  /** Decodes a record. Sensitive values are masked. Never throws; what cannot be read is marked broken. */
  parse(record: RecordBytes, context: RecordContext): TraceCall;
  /**
   * Takes a record apart and writes it again in the dialect: the same bytes, which proves that nothing was overlooked.
   * null: the record is ambiguous or broken.
   */
  render(record: RecordBytes, context: RecordContext): Uint8Array | null;
  /** The places of a record that must not be shown or exported, from its first byte. Sorted, apart. */
  mask(record: RecordBytes, context: RecordContext): Mask[];
}

export interface Detection {
  /** 0: certainly not; 1: certainly. The most confident dialect reads the log. */
  confidence: number;
  version: string | null;
  /** Sentences on what this log cannot tell, for the screen. */
  limits: string[];
  facts: LogFacts;
}

/** What a log says of itself at its start. */
export type LogFacts = Pick<TraceFile, "program" | "process" | "module" | "level">;

export const noFacts: LogFacts = { program: null, process: null, module: null, level: null };

/** The log is of another kind. */
export const undetected: Detection = { confidence: 0, version: null, limits: [], facts: noFacts };

export interface ScanInput {
  /** The scanner adds a slot when a record begins, and may fill in or correct its slots until it is finished. Slots
   *  stand in the order in which records begin. `lane`, `name` and `rv` are ids of the dictionaries here. */
  columns: Columns;
  names: Dictionary;
  returnCodes: Dictionary;
  /** Words that tell threads apart, as the dialect likes ("P:1; T:0x2"); {@link Dialect.lane} takes them apart. */
  lanes: Dictionary;
  /** Records that begin in [from, to) belong to this range, wherever they end. `from` may be in mid-record: the
   *  scanner looks for the next beginning; 0 is the start of the file. */
  from: number;
  to: number;
  /** A record is known to begin exactly at `from`: no need to look for one, and no bytes before it are given. */
  exact: boolean;
}

/**
 * Finds the records of a range. It is given contiguous chunks from `from - lookBehind` on (0 at least; from `from` on if
 * `exact`), and may ask to
 * see the end of a chunk again in front of the next one.
 */
export interface Scanner {
  /**
   * @param chunk bytes of the file; not to be kept.
   * @param offset where the first byte of the chunk stands in the file.
   * @param last no bytes come after these now. A record that is not complete is then left unconsumed (all records that
   *   began before it must be complete, or it is those that the unconsumed bytes begin with): a live log may grow, and is
   *   then scanned on from there by a new scanner; rows from there on are dropped until then.
   * @returns bytes from the chunk's start that are done with. The rest is given again, with more behind it. At most
   *   `tailLimit` bytes may be left: what is longer, the scanner has to carry in its own state (a record's length).
   */
  scan(chunk: Uint8Array, offset: number, last: boolean): number;
  /** True when all records that begin in the range are complete: no more bytes are wanted. */
  readonly done: boolean;
  /** No more bytes come, or the range is done: turns what the last scan left (`rest`) into broken records and tells which
   *  calls are open; the engine marks those `running` or `no-return`. Called once. */
  finish(rest: Uint8Array, offset: number): ScanEnd;
  /** Bytes that no record took and that are not the dialect's own filling: foreign lines between records. */
  readonly strayBytes: number;
  /** Records that the log itself says it has lost. */
  readonly lost: number;
}

export interface ScanEnd {
  /**
   * Where a scanner that knew everything before expects the next record to begin, from `to` on; null: the dialect cannot
   * be deceived, or the file ended. If the
   * next range's first record begins elsewhere, that range is scanned again from here (a forged record in a quoted text
   * can only deceive a scanner that starts in its middle).
   */
  next: number | null;
  /** Calls announced in this range that did not come back in it: their number in the log and their slot. */
  open: OpenCall[];
  /** Calls that came back in this range but, by their kind, were perhaps announced before it. */
  closing: OpenCall[];
}

export interface OpenCall {
  key: number;
  slot: number;
}

/** At most so many bytes may be left over by {@link Scanner.scan}. */
export const tailLimit = 256 * 1024;

/**
 * What of the last chunk is done with when something in it waits for its end.
 * @param done bytes that have been read @param length bytes of the chunk, which stands at `offset`
 * @param begun offset in the file of what waits; too far back, or in an earlier chunk, it is not given again.
 */
export const leftFrom = (done: number, length: number, offset: number, begun: number): number => {
  const at = begun - offset;
  return at >= 0 && length - at <= tailLimit ? Math.min(done, at) : done;
};

/** Where lines begin in the first bytes of a range, which may be the end of a line. */
export const firstLine = (bytes: Uint8Array): number => {
  const end = bytes.indexOf(0x0a);
  return end < 0 ? bytes.length : end + 1;
};
/** Chunks are at least so long, the last one of a file aside. */
export const chunkBytes = 1024 * 1024;

/** Bytes of one record. Of a very long one the middle is left out. */
export interface RecordBytes {
  bytes: Uint8Array;
  /** Length of the whole record. */
  length: number;
  /** Bytes left out, and where in `bytes` they would stand; null if the record is whole. */
  left: { at: number; count: number } | null;
}

export const wholeRecord = (bytes: Uint8Array): RecordBytes => ({ bytes, length: bytes.length, left: null });

/** What the index knows of a record; the row part of its call. */
export interface RecordContext {
  /** The row as the index has it; `summary` is empty, `time` and `duration` are rounded. A dialect copies it and puts in
   *  what the record says more exactly. */
  row: Omit<TraceCall, "fields" | "rvNumber">;
  facts: LogFacts;
  version: string | null;
}

/** Whether a record is all there, and its alone: only then can it be written again. */
export const isCertain = ({ left }: RecordBytes, { marks }: RecordContext["row"]): boolean =>
  left === null && !marks.includes("ambiguous") && !marks.includes("broken");

export interface Mask {
  from: number;
  to: number;
  /** What is masked, for the export's report: "PIN", "secret key", "private key", "data", "APDU with PIN". */
  what: string;
  /** Bytes to put there, repeated; default "*". Must keep the log readable by its own dialect. */
  fill?: string;
}

/** Puts masks into bytes that stand at `start`. Masks may reach over both ends. */
export const putMasks = (bytes: Uint8Array, start: number, masks: readonly Mask[]): void => {
  for (const { from, to, fill = "*" } of masks) {
    const end = Math.min(to - start, bytes.length);
    for (let i = Math.max(0, from - start); i < end; i++)
      bytes[i] = fill.charCodeAt((i + start - from) % Math.max(1, fill.length));
  }
};

/** @returns a copy of the bytes with every mask filled; same length. */
export const fillMasks = (bytes: Uint8Array, masks: readonly Mask[]): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  putMasks(copy, 0, masks);
  return copy;
};

/** The bytes of a record that are there, with the place in the record at which each stretch of them begins. */
export const stretches = ({ bytes, left }: RecordBytes): { bytes: Uint8Array; start: number }[] =>
  left
    ? [
        { bytes: bytes.subarray(0, left.at), start: 0 },
        { bytes: bytes.subarray(left.at), start: left.at + left.count },
      ]
    : [{ bytes, start: 0 }];

/**
 * The pieces of lines at both sides of the bytes that are left out; places in `bytes`.
 * @returns where the first piece begins, and where the second ends, without its newline.
 */
export const brokenLine = (bytes: Uint8Array, { at }: { at: number }): { from: number; to: number } => {
  const newline = bytes.indexOf(0x0a, at);
  return {
    from: at === 0 ? 0 : bytes.lastIndexOf(0x0a, at - 1) + 1,
    to: newline < 0 ? bytes.length : newline,
  };
};

/** @returns masks sorted and without overlaps; empty ones are left out. */
export const apart = (masks: readonly Mask[]): Mask[] => {
  const sorted = masks.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
  const kept: Mask[] = [];
  for (const mask of sorted) {
    const before = kept[kept.length - 1];
    if (!before || mask.from >= before.to) kept.push(mask);
    else if (mask.to > before.to) kept.push({ from: before.to, to: mask.to, what: mask.what });
  }
  return kept;
};
