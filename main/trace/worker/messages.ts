import type { DialectName } from "../../../preload/contract/trace.ts";
import type { Analyses, Analysis } from "../analysis/analyse.ts";
import type { ColumnsData } from "../index/columns.ts";
import type { Part, Range } from "../index/scan-range.ts";

/** A piece of work that blocks for some 30 ms; an analysis for seconds. */
export type Task =
  /** `columns`: old ones to be filled again, in place of new memory. */
  | { kind: "scan"; path: string; dialect: DialectName; range: Range; columns?: ColumnsData | undefined }
  /** Finds the lines that hold a text. @see searchRange */
  | { kind: "search"; path: string; from: number; to: number; needles: string[]; ignoreCase: boolean }
  | { kind: "analysis"; analysis: Analysis };

/** The part of a scan as it crosses threads. */
export type ScanResult = { kind: "scan"; columns: ColumnsData } & Omit<Part, "columns">;

export interface SearchResult {
  kind: "search";
  /** Places of the hits from the range's start, one a line at most, ascending. */
  hits: Uint32Array;
}

export interface AnalysisResult {
  kind: "analysis";
  result: Analyses[keyof Analyses];
}

export type TaskResult = ScanResult | SearchResult | AnalysisResult;
export type ResultOf<T extends Task> = Extract<TaskResult, { kind: T["kind"] }>;

export type Answer = { id: number } & ({ result: TaskResult } | { error: string });
