import type { TraceFile } from "../../preload/contract/trace.ts";
import { failure } from "../pkcs11/failure.ts";
import { detectDialect } from "./dialects/all.ts";
import type { Detection, Dialect } from "./dialects/dialect.ts";
import { LogFile } from "./log-file.ts";
import type { Unwrapped } from "./unwrap.ts";

/** Bytes at the start of a file by which its dialect is known. */
const headBytes = 64 * 1024;

/** One file of an opened trace: its bytes, how they are written, and how far they are indexed. */
export interface TraceLog {
  log: LogFile;
  /** Path that the user knows; `log` may be an unpacked copy. */
  path: string;
  plain: Unwrapped;
  dialect: Dialect;
  detection: Detection;
  /** Bytes that are indexed, from the file's start. */
  done: number;
  /** Whether a record begins at `done`, or it may be within one. */
  atRecord: boolean;
  /** Where the next record begins, if the dialect tells. */
  expected: number | null;
}

/** Opens a log and finds out its dialect. @throws FILE_FAILED, BAD_FILE */
export const openLog = (path: string, plain: Unwrapped): TraceLog => {
  const log = new LogFile(plain.path);
  const found = detectDialect(log.read(plain.start, headBytes));
  if (!found) {
    const empty = log.size <= plain.start;
    log.close();
    throw failure("BAD_FILE", {
      where: path,
      message: empty ? "The file is empty." : "This is not a log that Tokenglass knows.",
      remedy:
        "It reads its own recordings and the logs of OpenSC (spy and debug), p11-kit, pkcs11-logger and pkcs11shim.",
    });
  }
  return { log, path, plain, ...found, done: plain.start, atRecord: true, expected: null };
};

/** The log as the contract shows it. */
export const shownFile = ({ log, path, plain, dialect, detection }: TraceLog): TraceFile => ({
  path,
  dialect: dialect.name,
  version: detection.version,
  bytes: log.size,
  durations: dialect.durations,
  limits: plain.wrapped.includes("pasted")
    ? [...detection.limits, "Read from pasted text: what the page has changed may be read wrongly."]
    : detection.limits,
  wrapped: plain.wrapped,
  ...detection.facts,
});
