import type { TraceCall } from "../../../preload/contract/trace.ts";
import { decodedCall } from "./decoded-call.ts";
import { type Dialect, isCertain, type RecordBytes, type RecordContext } from "./dialect.ts";
import { detectSpy } from "./opensc-spy-detect.ts";
import { SpyFields } from "./opensc-spy-fields.ts";
import { readRecord, type SpyRecord } from "./opensc-spy-record.ts";
import { bannerWord, OpenscSpyScanner } from "./opensc-spy-scan.ts";
import { writeLine } from "./opensc-spy-tokens.ts";

/** Text of OpenSC's pkcs11-spy, 0.12 to 0.27. */
export const openscSpy: Dialect = {
  name: "opensc-spy",
  durations: "at-most",
  clockStep: 1e6,
  times: "epoch",
  // Calls that overlap are told apart by those before them: a scanner reads on a stretch in front of its range.
  lookBehind: 65536,
  detect: detectSpy,
  scanner: (input) => new OpenscSpyScanner(input),
  lane: (word, facts) => {
    const [, process, thread] = /^P:(\d+); T:(\S+)$/.exec(word) ?? [];
    return { process: process === undefined ? facts.process : Number(process), thread: thread ?? "" };
  },
  parse: (bytes, context) => (context.row.kind === "note" ? noteOf(bytes, context) : callOf(bytes, context)),
  render: (bytes, { row }) => {
    if (!isCertain(bytes, row)) return null;
    return Buffer.from(readRecord(bytes).lines.map(writeLine).join(""), "latin1");
  },
  mask: (bytes, context) => new SpyFields(recordOf(bytes, context)).masks,
};

/** Lines of other calls may stand in the record of one that overlapped with others. */
const recordOf = (bytes: RecordBytes, { row }: RecordContext): SpyRecord => {
  const record = readRecord(bytes);
  return row.marks.includes("ambiguous") ? { ...record, mixed: true } : record;
};

const callOf = (bytes: RecordBytes, context: RecordContext): TraceCall => {
  const { row } = context;
  const record = recordOf(bytes, context);
  const [header] = record.lines;
  const { fields } = new SpyFields(record);
  const returned = record.lines.findLast(({ kind }) => kind === "returned");
  const rvNumber = returned?.kind === "returned" ? unsigned(Number(returned.number)) : null;
  const number = header?.kind === "header" ? Number(header.number) : null;
  return { ...decodedCall(row, fields, rvNumber), number };
};

/** CK_RV has 32 bits on Windows, where the spy prints it with a sign. */
const unsigned = (value: number): number => (value < 0 ? value + 0x100000000 : value);

const noteOf = ({ bytes, length }: RecordBytes, { row }: RecordContext): TraceCall => {
  const text = Buffer.from(bytes.subarray(0, 4096)).toString("utf8");
  const isBanner = text.startsWith(bannerWord.toString("latin1"));
  const module = /\nLoaded: "([^\r\n]*)"/.exec(text)?.[1];
  const error = /\nError: ([^\r\n]*)/.exec(text)?.[1];
  return {
    ...row,
    summary: isBanner
      ? module
        ? `A program loads ${module}`
        : (error ?? "A program loads the spy")
      : `${length} bytes that are no record: ${text.slice(0, 80).replace(/[\p{Cc}]+/gu, " ")}`,
    rvNumber: null,
    fields: [],
  };
};
