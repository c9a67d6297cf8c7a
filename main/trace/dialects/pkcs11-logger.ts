import type { TraceCall } from "../../../preload/contract/trace.ts";
import { decodedCall } from "./decoded-call.ts";
import {
  type Detection,
  type Dialect,
  isCertain,
  type RecordBytes,
  type RecordContext,
  undetected,
} from "./dialect.ts";
import { withFlagNames } from "./flag-names.ts";
import { LoggerFields } from "./pkcs11-logger-fields.ts";
import { writeLine } from "./pkcs11-logger-lines.ts";
import { masksOf, ownLines, readRecord } from "./pkcs11-logger-record.ts";
import { LoggerScanner } from "./pkcs11-logger-scan.ts";

const ids = "(?:0x[0-9a-f]{8,16} : )";
const banner = new RegExp(`^${ids}{0,2}PKCS11-LOGGER (\\d[\\w.-]*)\\r?$`, "m");
const older = new RegExp(`^${ids}{0,2}\\*{10,} \\S+ \\S+ \\*\\*\\*\\r?\\n${ids}{0,2}Calling C_\\w+\\r?$`, "m");
const newer = new RegExp(`^${ids}{0,2}\\d{4}-\\d\\d-\\d\\d \\S+ - (?:Entered|Calling) C_\\w+\\r?$`, "m");
const anyCall = new RegExp(`^${ids}{1,2}(?:Calling C_\\w+|Returning \\d+ \\(\\w+\\))\\r?$`, "m");

/** Text of PKCS11-LOGGER, 1.0 to 2.3. */
export const pkcs11Logger: Dialect = {
  name: "pkcs11-logger",
  // 2.3 tells when the module was called and when it answered; older versions tell nothing.
  durations: "exact",
  times: "epoch",
  // A text of a token may look like lines of the log, and calls of other threads may be open.
  lookBehind: 65536,
  detect: (head) => {
    const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
    const version = banner.exec(text)?.[1] ?? null;
    const hasCalls = older.test(text) || newer.test(text);
    if (version === null && !hasCalls && !anyCall.test(text)) return undetected;
    return { confidence: hasCalls ? 0.95 : 0.8, version, ...told(text) };
  },
  scanner: (input) => new LoggerScanner(input),
  lane: (word, facts) => {
    const numbers = Array.from(word.matchAll(/0x([0-9a-f]+) : /g), ([, digits = ""]) => digits);
    const hasProcess = numbers.length === 2 || numbers[0]?.length === 8;
    const [process, thread] = hasProcess ? numbers : [undefined, numbers[0]];
    return {
      process: process === undefined ? facts.process : Number.parseInt(process, 16),
      thread: thread === undefined ? "" : `0x${thread.replace(/^0+(?=.)/, "")}`,
    };
  },
  parse: (bytes, context) => (context.row.kind === "note" ? noteOf(bytes, context) : callOf(bytes, context)),
  render: (bytes, { row }) => {
    if (!isCertain(bytes, row)) return null;
    return Buffer.from(readRecord(bytes).lines.map(writeLine).join(""), "latin1");
  },
  mask: (bytes, { row }) => masksOf(readRecord(bytes), row.marks.includes("ambiguous")),
};

const told = (text: string): Omit<Detection, "confidence" | "version"> => {
  const first = /^((?:0x[0-9a-f]{8,16} : ){0,2})(?:\*{10}|\d{4}-|Calling|PKCS11)/m.exec(text)?.[1] ?? "";
  const count = first.split(" : ").length - 1;
  return {
    limits: [
      newer.test(text)
        ? "Times are read in this computer's time zone."
        : "Times are those at which calls began, in whole seconds, read in this computer's time zone. How long calls took is not in the log.",
      ...(count < 2
        ? [
            "Process or thread are switched off (PKCS11_LOGGER_FLAGS). Where calls overlap, results may belong to another call; those rows are marked.",
          ]
        : []),
      "The logger hides PINs if it is not told otherwise; keys and data it writes in clear. All of it is masked here; whoever has the file can read it.",
    ],
    facts: {
      program: null,
      process: null,
      module: /Going to load PKCS#11 library "([^"\r\n]*)"/.exec(text)?.[1] ?? null,
      level: null,
    },
  };
};

const callOf = (bytes: RecordBytes, { row }: RecordContext): TraceCall => {
  const record = readRecord(bytes);
  const isAmbiguous = row.marks.includes("ambiguous");
  const { fields } = new LoggerFields(row.name, ownLines(record), masksOf(record, isAmbiguous));
  // Results of calls that overlap may be exchanged: none are told.
  const own = isAmbiguous ? fields.filter(({ direction }) => direction === "in") : fields;
  const returned = record.lines.findLast(({ value }) => /^(?:\S+ \S+ - )?Returning \d/.test(value));
  const number = /Returning (\d{1,20}) /.exec(returned?.value ?? "")?.[1];
  const rvNumber = number === undefined || row.rv === null ? null : Number(number);
  return decodedCall(row, withFlagNames(row.name, own), rvNumber);
};

const noteOf = ({ bytes }: RecordBytes, { row }: RecordContext): TraceCall => {
  const text = Buffer.from(bytes.subarray(0, 4096)).toString("utf8");
  const version = /PKCS11-LOGGER (\S+)/.exec(text)?.[1];
  const library = /Going to load PKCS#11 library "([^"\r\n]*)"/.exec(text)?.[1];
  const words = text.replace(/(?:0x[0-9a-f]{8,16} : )|[*\p{Cc}]+/gu, " ").replace(/ +/g, " ");
  const summary =
    row.name === "header"
      ? `A program loads ${library ?? `PKCS11-LOGGER ${version ?? ""}`.trim()}`
      : words.trim().slice(0, 160);
  return { ...row, summary, rvNumber: null, fields: [] };
};
