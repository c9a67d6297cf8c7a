import type { TraceCall, TraceRow } from "../../../preload/contract/trace.ts";
import { Columns } from "../index/columns.ts";
import { Dictionary } from "../index/dictionary.ts";
import { kinds, marksOf } from "../index/flags.ts";
import {
  type Dialect,
  fillMasks,
  noFacts,
  type RecordBytes,
  type RecordContext,
  type ScanEnd,
  wholeRecord,
} from "./dialect.ts";

/** A record as a scanner found it, with words in place of numbers. For tests of dialects. */
export interface FoundRecord {
  text: string;
  name: string;
  rv: string;
  lane: string;
  time: number;
  duration: number;
  session: number;
  kind: TraceRow["kind"];
  marks: TraceRow["marks"];
  depth: number;
}

/** Scans text in memory. @param chunkLength gives the scanner so many bytes at a time, to find faults at borders. */
export const scanText = (
  dialect: Dialect,
  text: string | Uint8Array,
  { from = 0, to = Number.POSITIVE_INFINITY, exact = false, chunkLength = 1 << 20 } = {},
): { records: FoundRecord[]; end: ScanEnd; columns: Columns } => {
  const bytes = Buffer.from(text);
  const columns = new Columns(4);
  const names = new Dictionary();
  const returnCodes = new Dictionary();
  const lanes = new Dictionary();
  const scanner = dialect.scanner({ columns, names, returnCodes, lanes, from, to, exact });
  let offset = exact ? from : Math.max(0, from - dialect.lookBehind);
  let end = offset;
  while (!scanner.done && end < bytes.length) {
    end = Math.min(bytes.length, end + chunkLength);
    offset += scanner.scan(bytes.subarray(offset, end), offset, end === bytes.length);
  }
  const finished = scanner.finish(scanner.done ? new Uint8Array(0) : bytes.subarray(offset, end), offset);
  const records = Array.from({ length: columns.count }, (_, i): FoundRecord => {
    const at = columns.offset[i] ?? 0;
    return {
      text: bytes.toString("utf8", at, at + (columns.length[i] ?? 0)),
      name: names.words[columns.name[i] ?? 0] ?? "",
      rv: returnCodes.words[columns.rv[i] ?? 0] ?? "",
      lane: lanes.words[columns.lane[i] ?? 0] ?? "",
      time: columns.time[i] ?? Number.NaN,
      duration: columns.duration[i] ?? Number.NaN,
      session: columns.session[i] ?? 0,
      kind: kinds[columns.kind[i] ?? 0] ?? "note",
      marks: marksOf(columns.flags[i] ?? 0),
      depth: columns.depth[i] ?? 0,
    };
  });
  return { records, end: finished, columns };
};

/** A context to parse one record with, as the index would give it. */
export const contextFor = (record: Partial<FoundRecord> = {}): RecordContext => ({
  row: {
    row: 0,
    file: 0,
    kind: record.kind ?? "call",
    depth: record.depth ?? 0,
    number: null,
    time: null,
    duration: null,
    durationIs: "unknown",
    process: null,
    thread: record.lane || null,
    name: record.name ?? "",
    rv: record.rv || null,
    outcome: "none",
    session: record.session ? `0x${record.session.toString(16)}` : null,
    summary: "",
    marks: record.marks ?? [],
  },
  facts: noFacts,
  version: null,
});

/** Parses every record that a scan finds. */
export const parseText = (dialect: Dialect, text: string | Uint8Array) =>
  scanText(dialect, text).records.map((record) =>
    dialect.parse(wholeRecord(Buffer.from(record.text)), contextFor(record)),
  );

/** A record with all that its dialect makes of it. */
export interface ReadRecord extends FoundRecord {
  own: RecordBytes;
  call: TraceCall;
  /** Written again by the dialect. */
  again: Uint8Array | null;
  /** Latin-1 text with masks in. */
  masked: string;
}

/** Scans a log and reads every record of it. */
export const readAll = (dialect: Dialect, log: string | Uint8Array): ReadRecord[] => {
  const bytes = Buffer.from(log);
  const { records, columns } = scanText(dialect, bytes);
  return records.map((record, i) => {
    const at = columns.offset[i] ?? 0;
    const own = wholeRecord(bytes.subarray(at, at + (columns.length[i] ?? 0)));
    const context = contextFor(record);
    return {
      ...record,
      own,
      call: dialect.parse(own, context),
      again: dialect.render(own, context),
      masked: Buffer.from(fillMasks(own.bytes, dialect.mask(own, context))).toString("latin1"),
    };
  });
};
