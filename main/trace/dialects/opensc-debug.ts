import type { TraceCall, TraceField } from "../../../preload/contract/trace.ts";
import { returnValueNumber } from "../../pkcs11/return-values.ts";
import { printable, shortened } from "../summary-line.ts";
import {
  type Dialect,
  isCertain,
  type Mask,
  putMasks,
  type RecordBytes,
  type RecordContext,
  stretches,
} from "./dialect.ts";
import { callFields } from "./opensc-debug-call.ts";
import { detectDebug } from "./opensc-debug-detect.ts";
import { apduFields } from "./opensc-debug-fields.ts";
import { type DebugLine, messageText, readRecord, writeLine } from "./opensc-debug-record.ts";
import { OpenscDebugScanner } from "./opensc-debug-scan.ts";
import { secretsOf } from "./opensc-debug-secrets.ts";

/** Logs of OpenSC itself, written with OPENSC_DEBUG, of all generations of its prefix. */
export const openscDebug: Dialect = {
  name: "opensc-debug",
  durations: "exact",
  times: "midnight",
  // Functions and calls that are open in a range's first lines were entered before it.
  lookBehind: 65536,
  detect: detectDebug,
  scanner: (input) => new OpenscDebugScanner(input),
  lane: (word, facts) => {
    const [, process, thread] = /^P:(\d+); T:(\w+)$/.exec(word) ?? [];
    return process === undefined
      ? { process: facts.process, thread: word }
      : { process: Number(process), thread: thread ?? "" };
  },
  parse: (record, context) => {
    // What must not be shown is gone before anything is read from the text.
    const lines = readRecord(record);
    const masks = context.row.kind === "apdu" ? [] : secretsOf(lines);
    return callOf(masks.length === 0 ? lines : readRecord(masked(record, masks)), context);
  },
  render: (record, { row }) => {
    if (!isCertain(record, row)) return null;
    return Buffer.from(readRecord(record).map(writeLine).join(""), "latin1");
  },
  mask: (record) => {
    const masks = secretsOf(readRecord(record));
    const { left } = record;
    // Of a command that long the middle may be anything.
    return left ? cutOut(masks, left.at, left.at + left.count) : masks;
  },
};

/** The record with its secrets masked; of a very long one, in the bytes that are there. */
const masked = (record: RecordBytes, masks: readonly Mask[]): RecordBytes => {
  const copy = { ...record, bytes: Uint8Array.from(record.bytes) };
  for (const { bytes, start } of stretches(copy)) putMasks(bytes, start, masks);
  return copy;
};

const cutOut = (masks: Mask[], from: number, to: number): Mask[] =>
  [
    ...masks.filter((mask) => mask.to <= from || mask.from >= to),
    ...(masks.some((mask) => mask.from < from + 64 && mask.to > from - 64) ? [{ from, to, what: "data" }] : []),
  ].sort((a, b) => a.from - b.from);

const callOf = (lines: readonly DebugLine[], { row }: RecordContext): TraceCall => {
  const message = lines.find((line) => line.kind === "message");
  const body = message ? messageText(message.body) : "";
  if (row.kind === "apdu") {
    const fields = apduFields(lines);
    return { ...row, summary: apduSummary(fields), rvNumber: wordNumber(row.rv), fields };
  }
  const further = furtherLines(lines);
  const fields = row.kind === "call" ? callFields(row.name, body) : [];
  return {
    ...row,
    summary: clean(row.kind === "call" ? body : `${body}${more(further)}`),
    rvNumber: row.rv === null ? null : row.kind === "call" ? returnValueNumber(row.rv) : Number(row.rv),
    fields: [...fields, ...(message ? [textField("message", body, message)] : []), ...further],
  };
};

const wordNumber = (rv: string | null): number | null => (rv === null ? null : Number.parseInt(rv, 16));

const apduSummary = (fields: readonly TraceField[]): string => {
  const [command] = fields;
  const parts = command?.fields ?? [];
  const part = (name: string) => parts.find((field) => field.name === name)?.text;
  // "6A82: File or application not found." The list shows the status word itself; what says more than "done" comes first.
  const status = fields.find(({ name }) => name === "status")?.text.replace(/^[0-9A-F]{4}(: )?/, "") || undefined;
  const [p1, p2] = [part("P1"), part("P2")].map((text) => text?.replace("0x", ""));
  const data = parts.find(({ name }) => name === "data");
  const short = data?.hex !== undefined && data.hex.length <= 2 * shownBytes ? data.hex.toUpperCase() : data?.text;
  const told = status === undefined || status === "Done." ? [] : [status];
  const asked = [...(p1 === undefined ? [] : [`P1 ${p1} P2 ${p2}`]), ...(short === undefined ? [] : [`data ${short}`])];
  return clean((status?.startsWith("Done") ? [...asked, ...told] : [...told, ...asked]).join(" · "));
};

/** Data of a command that fits into a line: the name of an application, a tag. */
const shownBytes = 12;

const more = (further: readonly TraceField[]): string =>
  further.length === 0
    ? ""
    : ` (${further.length}${further.length < maxFurther ? "" : " or more"} more line${further.length === 1 ? "" : "s"})`;

const lineText = (line: DebugLine): string =>
  line.kind === "message" ? messageText(line.body) : Buffer.from(writeLine({ ...line, end: "" }), "latin1").toString();

const maxFurther = 200;

/** Lines without a prefix: dumps, texts of several lines, output of the program itself. */
const furtherLines = (lines: readonly DebugLine[]): TraceField[] => {
  const fields: TraceField[] = [];
  for (const line of lines) {
    if (line.kind === "message" || line.from === line.to) continue;
    if (fields.length >= maxFurther) break;
    const text = lineText(line);
    if (text.trim() !== "") fields.push(textField("", text, line));
  }
  return fields;
};

const textField = (name: string, text: string, { from, to }: DebugLine): TraceField => ({
  name,
  direction: "out",
  kind: "text",
  text: text.slice(0, 4096),
  at: { from, to },
});

const clean = (text: string): string => shortened(printable(text).trim());
