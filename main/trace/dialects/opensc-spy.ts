import type { TraceCall } from "../../../preload/contract/trace.ts";
import type { Dialect, RecordBytes, RecordContext } from "./dialect.ts";
import { callOf, masksOf, rendered } from "./opensc-spy-call.ts";
import { detectSpy } from "./opensc-spy-detect.ts";
import { bannerWord, OpenscSpyScanner } from "./opensc-spy-scan.ts";

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
  render: rendered,
  mask: masksOf,
};

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
