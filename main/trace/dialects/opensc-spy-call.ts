import type { TraceCall } from "../../../preload/contract/trace.ts";
import { decodedCall } from "./decoded-call.ts";
import { isCertain, type Mask, type RecordBytes, type RecordContext } from "./dialect.ts";
import { SpyFields } from "./opensc-spy-fields.ts";
import { unsigned } from "./opensc-spy-lines.ts";
import { readRecord, type SpyRecord } from "./opensc-spy-record.ts";
import { writeLine } from "./opensc-spy-tokens.ts";

/** Lines of other calls may stand in the record of one that overlapped with others. */
const recordOf = (bytes: RecordBytes, { row }: RecordContext): SpyRecord => {
  const record = readRecord(bytes);
  return row.marks.includes("ambiguous") ? { ...record, mixed: true } : record;
};

/** A call of a log that is written as OpenSC's spy does. */
export const callOf = (bytes: RecordBytes, context: RecordContext): TraceCall => {
  const record = recordOf(bytes, context);
  const [header] = record.lines;
  const returned = record.lines.findLast(({ kind }) => kind === "returned");
  const rvNumber = returned?.kind === "returned" ? unsigned(Number(returned.number)) : null;
  const number = header?.kind === "header" ? Number(header.number) : null;
  return { ...decodedCall(context.row, new SpyFields(record).fields, rvNumber), number };
};

export const rendered = (bytes: RecordBytes, { row }: RecordContext): Uint8Array | null =>
  isCertain(bytes, row) ? Buffer.from(readRecord(bytes).lines.map(writeLine).join(""), "latin1") : null;

export const masksOf = (bytes: RecordBytes, context: RecordContext): Mask[] =>
  new SpyFields(recordOf(bytes, context)).masks;
