import type { CheckedInput, Output } from "../../../preload/contract/index.ts";
import { failure } from "../../pkcs11/failure.ts";
import type { Trace } from "../trace.ts";
import type { OpenedTrace, Traces } from "../traces.ts";
import { Counts } from "./counts.ts";
import { chromeTrace, csvLines, jsonLines } from "./decoded.ts";
import { Pseudonyms } from "./pseudonyms.ts";
import { type ExportParts, someRecords, wholeLog } from "./same.ts";
import { needTarget, writeFile } from "./write-file.ts";

type Wanted = Pick<CheckedInput<"trace.export">, "format" | "filter" | "pseudonymise" | "path" | "overwrite">;
type Format = Wanted["format"];

const writers: Record<Format, (parts: ExportParts) => AsyncIterable<Uint8Array> | Iterable<string>> = {
  same: (parts) => (parts.rows ? someRecords(parts) : wholeLog(parts)),
  jsonl: jsonLines,
  csv: csvLines,
  chrome: chromeTrace,
};

/**
 * Writes a copy of a trace in which nothing secret is left. A live trace is read anew, as far as it is written now.
 * @throws Failure INVALID_REQUEST, FOLDER_MISSING, FILE_EXISTS, FILE_FAILED, BAD_FILE
 */
export const exportTrace = async (
  traces: Traces,
  { trace: id, files, recordings, ...wanted }: CheckedInput<"trace.export">,
): Promise<Output<"trace.export">> => {
  if (id === undefined) return traces.with({ files, recordings }, (opened) => write(opened, wanted));
  const opened = traces.named(id);
  if (files.length + recordings.length > 0)
    throw failure("INVALID_REQUEST", {
      where: "trace.export",
      message: "Both an opened trace and logs are named.",
      remedy: "Give `trace`, or `files` and `recordings`.",
    });
  const { trace } = opened;
  if (trace.isLive)
    return traces.with({ files: trace.files.map(({ path }) => path), recordings: [] }, (fresh) => write(fresh, wanted));
  await opened.indexed;
  const { state, message } = trace.progress();
  if (state !== "done")
    throw failure("FILE_FAILED", {
      where: trace.files.map(({ path }) => path).join(", "),
      message: message ?? "The log was not read to its end: what is not read cannot be masked.",
      remedy: "Open the log again and let it be read to its end.",
    });
  return write(opened, wanted);
};

const write = async ({ trace, rows }: OpenedTrace, wanted: Wanted): Promise<Output<"trace.export">> => {
  const { format, filter, overwrite } = wanted;
  if (format === "same") needOneFile(trace);
  const path = await needTarget(
    wanted,
    trace.logs.flatMap((log) => [log.path, log.log.path]),
  );
  needUnchanged(trace);
  const counts = new Counts();
  const matching = filter.trim() === "" ? null : (await rows.matchingAll(filter)).rows;
  const pseudonyms = wanted.pseudonymise ? new Pseudonyms() : null;
  const parts = { trace, rows: matching, pseudonyms, counts };
  const bytes = await writeFile({ path, overwrite }, checkedAtEnd(trace, writers[format](parts)));
  return { path, bytes, records: matching?.length ?? trace.rowCount, masked: counts.list };
};

/** A file that was changed while it was read may have had other bytes where the index says what is to be masked. */
async function* checkedAtEnd(
  trace: Trace,
  pieces: AsyncIterable<Uint8Array> | Iterable<string>,
): AsyncGenerator<string | Uint8Array> {
  yield* pieces;
  needUnchanged(trace);
}

const needOneFile = ({ files }: Trace): void => {
  if (files.length < 2) return;
  throw failure("INVALID_REQUEST", {
    where: files.map(({ path }) => path).join(", "),
    message: `A copy in the log's own form is of one file; these are ${files.length}.`,
    remedy: "Export each file for itself, or all of them as JSON Lines, CSV or Chrome trace.",
  });
};

const needUnchanged = ({ logs }: Trace): void => {
  for (const { log, path } of logs) {
    const now = log.look();
    if (now !== "replaced" && now !== "gone") continue;
    throw failure("FILE_FAILED", {
      where: path,
      message: now === "gone" ? "The log is gone." : "The log was replaced since it was opened.",
      remedy: "Open it again, then export.",
    });
  }
};
