import type { TraceRow } from "../../../preload/contract/trace.ts";
import { outcomeWords } from "../outcome.ts";
import { clockTime, durationOf } from "./times.ts";

/** A row as one line of text, for the clipboard. */
export const lineText = (row: TraceRow): string =>
  [
    row.row,
    row.time === null ? "" : clockTime(row.time),
    durationOf(row),
    row.name,
    row.session ?? "",
    row.summary,
    row.rv ?? "",
    outcomeWords[row.outcome].word,
  ].join("\t");
