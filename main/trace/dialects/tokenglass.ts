import type { TraceCall, TraceField } from "../../../preload/contract/trace.ts";
import { returnValueNumber } from "../../pkcs11/return-values.ts";
import { summaryLine } from "../summary-line.ts";
import { type Detection, type Dialect, noFacts, type RecordBytes, type RecordContext, undetected } from "./dialect.ts";
import { withFlagNames } from "./flag-names.ts";
import { type JsonNode, member, numberIn, readJson, textIn, writeJson } from "./json-places.ts";
import { membersOf } from "./tokenglass-fields.ts";
import { TokenglassScanner } from "./tokenglass-scan.ts";

const decoder = new TextDecoder();

const levels = [
  "Recorded at level 0: lengths in place of the bytes of arguments.",
  "Recorded at level 1: public data is in it, plaintext and random numbers are not.",
];

/** Our own recordings: JSON Lines, one file a process (native/spy/FORMAT.md). */
export const tokenglass: Dialect = {
  name: "tokenglass",
  durations: "exact",
  times: "epoch",
  lookBehind: 1,
  detect: (head) => {
    const end = head.indexOf(0x0a);
    const line = head.subarray(0, end < 0 ? head.length : end);
    if (head[0] !== 0x7b) return undetected;
    const header = readJson(line);
    if (textIn(member(header, "k")) === "header" && numberIn(member(header, "v")) !== null) return detected(header);
    // Rotated or cut at its start: any whole line of ours will do.
    return /(^|\n)\{"[sb]":\d+,"t":\d+,.*"f":"C_\w+"/.test(decoder.decode(head.subarray(0, 16384)))
      ? { confidence: 0.9, version: null, limits: ["The start of this recording is missing."], facts: noFacts }
      : undetected;
  },
  scanner: (input) => new TokenglassScanner(input),
  lane: (thread, facts) => ({ process: facts.process, thread }),
  parse: (record, context) => {
    const node = record.left ? null : readJson(record.bytes);
    return node?.kind === "object" ? callOf(node, context) : damaged(record, context);
  },
  render: ({ bytes, left }) => {
    const node = left ? null : readJson(bytes);
    if (!node) return null;
    const end = decoder.decode(bytes.subarray(node.to));
    return Buffer.from(writeJson(node) + end);
  },
  // The spy leaves out what must not be shown before it writes.
  mask: () => [],
};

const detected = (header: JsonNode | null): Detection => {
  const level = numberIn(member(header, "level"));
  const version = numberIn(member(header, "v"));
  const limits = levels[level ?? -1];
  return {
    confidence: 1,
    version: String(version),
    limits: [
      ...(limits ? [limits] : []),
      ...(version === 1 ? [] : [`Format ${version} is newer than this program knows; some values may be missing.`]),
    ],
    facts: {
      program: textIn(member(header, "exe")) ?? textIn(member(header, "argv0")),
      process: numberIn(member(header, "pid")),
      module: textIn(member(header, "module")),
      level,
    },
  };
};

const callOf = (node: JsonNode & { kind: "object" }, { row }: RecordContext): TraceCall => {
  const time = member(node, "t");
  const note = textIn(member(node, "k"));
  const fields = note === null ? argumentsOf(node) : membersOf(node, "in").filter(({ name }) => name !== "k");
  return {
    ...row,
    number: numberIn(member(node, "s")) ?? numberIn(member(node, "b")),
    time: time?.kind === "number" ? time.raw : null,
    duration: numberIn(member(node, "d")),
    session: sessionOf(member(node, "h")),
    summary: note === null ? summaryLine(fields) : noteLine(note, node),
    rvNumber: row.rv === null ? null : returnValueNumber(row.rv),
    fields: withFlagNames(row.name, fields),
  };
};

const argumentsOf = (node: JsonNode): TraceField[] => {
  const session = member(node, "h");
  const given = member(node, "i");
  const got = member(node, "o");
  const handle = sessionOf(session);
  return [
    ...(session && handle
      ? [
          {
            name: "hSession",
            direction: "in" as const,
            kind: "session" as const,
            text: handle,
            handle,
            at: { from: session.from, to: session.to },
          },
        ]
      : []),
    ...(given?.kind === "object" ? membersOf(given, "in") : []),
    ...(got?.kind === "object" ? membersOf(got, "out") : []),
  ];
};

const sessionOf = (node: JsonNode | undefined): string | null => {
  if (node?.kind === "number") return /^\d+$/.test(node.raw) ? `0x${BigInt(node.raw).toString(16)}` : null;
  return textIn(node);
};

const noteLine = (note: string, node: JsonNode): string => {
  const text = (key: string) => textIn(member(node, key));
  const count = numberIn(member(node, "n"));
  if (note === "header") return `${text("exe") ?? text("argv0") ?? ""} loads ${text("module") ?? "a module"}`;
  if (note === "lost") return `${count ?? "some"} calls could not be recorded (${text("why") ?? "unknown reason"})`;
  if (note === "end") return `${count ?? "?"} calls recorded; ended by ${text("why") ?? "unknown"}`;
  return text("text") ?? "";
};

const damaged = ({ bytes, length }: RecordBytes, { row }: RecordContext): TraceCall => ({
  ...row,
  summary: `${length} bytes that are no record: ${decoder.decode(bytes.subarray(0, 80)).replace(/[\p{Cc}]+/gu, " ")}`,
  marks: row.marks.includes("broken") ? row.marks : [...row.marks, "broken"],
  rvNumber: null,
  fields: [],
});
