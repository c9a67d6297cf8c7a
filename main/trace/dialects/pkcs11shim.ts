import type { TraceCall } from "../../../preload/contract/trace.ts";
import { type Detection, type Dialect, type RecordBytes, type RecordContext, undetected } from "./dialect.ts";
import { callOf, masksOf, rendered } from "./opensc-spy-call.ts";
import { ShimScanner } from "./pkcs11shim-scan.ts";

/** Text of libpkcs11shim, 1.0 to 1.9. */
export const pkcs11shim: Dialect = {
  name: "pkcs11shim",
  durations: "exact",
  times: "epoch",
  // Calls that overlap are told apart by those before them.
  lookBehind: 65536,
  detect: (head) => {
    const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
    const hasBanner = /^\*{25} PKCS#11 shim library \*+/m.test(text);
    const hasCalls = /^\[cnt\] \d+ - (?:C_\w+|SetOperationState)\r?$/m.test(text);
    if (!hasBanner && !hasCalls) return undetected;
    const version = /^\* - version (\d[\w.-]*) /m.exec(text)?.[1] ?? null;
    return { confidence: hasBanner && hasCalls ? 0.98 : hasCalls ? 0.9 : 0.7, version, ...told(text) };
  },
  scanner: (input) => new ShimScanner(input),
  lane: (word, facts) => {
    const [, process = "", thread = ""] = /^P:(\d*); T:(.*)$/.exec(word) ?? [];
    return { process: process === "" ? facts.process : Number(process), thread };
  },
  parse: (bytes, context) => (context.row.kind === "note" ? noteOf(bytes, context) : callOf(bytes, context)),
  render: rendered,
  mask: masksOf,
};

const told = (text: string): Omit<Detection, "confidence" | "version"> => {
  const processes = new Set(Array.from(text.matchAll(/^\[pid\] (\d+)/gm), ([, number]) => number));
  const [process] = processes;
  const level = /^PKCS11SHIM_CONSISTENCY=(\d)/m.exec(text)?.[1] ?? null;
  const mayMix = level === null || level === "0";
  return {
    limits: [
      "Process and thread stand at the beginning of a call only. Where calls overlap, results may belong to another call; those rows are marked.",
      ...(mayMix ? ["PKCS11SHIM_CONSISTENCY=1 would have kept the lines of a call together."] : []),
      "Times are read in this computer's time zone.",
      "libpkcs11shim hides PINs if it is not told otherwise; keys and data it writes in clear. All of it is masked here; whoever has the file can read it.",
    ],
    facts: {
      program: null,
      process: processes.size === 1 ? Number(process) : null,
      module: /^PKCS11SHIM_LIBRARY=([^\r\n]*)/m.exec(text)?.[1] ?? null,
      level: null,
    },
  };
};

const noteOf = ({ bytes }: RecordBytes, { row }: RecordContext): TraceCall => {
  const text = Buffer.from(bytes.subarray(0, 4096)).toString("utf8");
  const library = /^(?:PKCS11SHIM_LIBRARY=|library: ")([^"\r\n]*)/m.exec(text)?.[1];
  const own = text
    .replace(/^\[lib\] /, "")
    .replace(/[*\p{Cc}]+/gu, " ")
    .trim();
  const summary =
    row.name === "header"
      ? `A program loads ${library ?? "libpkcs11shim"}`
      : own === "EOF"
        ? "The program ends"
        : own.slice(0, 160);
  return { ...row, summary, rvNumber: null, fields: [] };
};
