import type { TraceCall } from "../../../preload/contract/trace.ts";
import { returnValueNumber } from "../../pkcs11/return-values.ts";
import { decodedCall } from "./decoded-call.ts";
import { type Detection, type Dialect, isCertain, noFacts, undetected } from "./dialect.ts";
import { writeLine } from "./p11-kit-lines.ts";
import { fieldsOf, masksOf, ownLines, readRecord } from "./p11-kit-record.ts";
import { P11KitScanner } from "./p11-kit-scan.ts";

/** What p11-kit writes of calls with "log-calls: yes" in a module's configuration. */
export const p11Kit: Dialect = {
  name: "p11-kit",
  durations: "none",
  times: "none",
  // A text of a token may look like lines of the log, and calls of other threads may be open.
  lookBehind: 65536,
  detect: (head) => {
    const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
    const hasCalls = /^(C_\w+)\r?\n(?: {2}IN: | OUT: |\1 = CKR_)/m.test(text);
    const hasReturns = /^C_\w+ = CKR_\w+\r?$/m.test(text) && /^(?: {2}IN| OUT): \w+ = /m.test(text);
    return hasCalls || hasReturns ? { ...detected, confidence: hasCalls && hasReturns ? 0.95 : 0.6 } : undetected;
  },
  scanner: (input) => new P11KitScanner(input),
  lane: (_word, facts) => ({ process: facts.process, thread: "" }),
  parse: (record, { row }): TraceCall => {
    const read = readRecord(record);
    // Outputs of two open calls of one function may be exchanged: none are told.
    const lines = ownLines(read);
    const isAmbiguous = row.marks.includes("ambiguous");
    const fields = fieldsOf(isAmbiguous ? lines.filter(({ kind }) => kind !== "out") : lines);
    return decodedCall(row, fields, row.rv === null ? null : returnValueNumber(row.rv));
  },
  render: (record, { row }) => {
    if (!isCertain(record, row)) return null;
    return Buffer.from(readRecord(record).lines.map(writeLine).join(""), "latin1");
  },
  mask: (record) => masksOf(readRecord(record)),
};

const detected: Omit<Detection, "confidence"> = {
  version: null,
  limits: [
    "p11-kit writes no times, threads or processes: how long calls took and who made them is not in the log.",
    "Where two threads call the same function at once, results may belong to the other call; those rows are marked.",
    "Values of bytes end after some 120 characters.",
    "p11-kit writes PINs, keys and data in clear. They are masked here; whoever has the file can read them.",
  ],
  facts: noFacts,
};
