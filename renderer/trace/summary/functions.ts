import type { FunctionStatistics, TraceFile } from "../../../preload/contract/trace.ts";

export const columns = ["name", "calls", "errors", "total", "mean", "p50", "p95", "max", "share"] as const;
export type Column = (typeof columns)[number];

export interface Sorting {
  column: Column;
  descending: boolean;
}

/** Names begin with A, numbers with the greatest. */
export const firstSorting = (column: Column): Sorting => ({ column, descending: column !== "name" });

/** What is not known comes last, whichever way. */
export const sorted = (
  functions: readonly FunctionStatistics[],
  { column, descending }: Sorting,
): FunctionStatistics[] => {
  const sign = descending ? -1 : 1;
  return [...functions].sort((a, b) => {
    if (column === "name") return sign * a.name.localeCompare(b.name);
    const [left, right] = [a[column], b[column]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right) || a.name.localeCompare(b.name);
  });
};

/** Whether a log gives only the times at which calls began: figures of time are then "at most". */
export const onlyAtMost = (files: readonly Pick<TraceFile, "durations">[]): boolean =>
  files.some(({ durations }) => durations === "at-most");

/** Lower bound of a bucket in ns: two steps to each tenfold, from 100 ns on (contract: FunctionStatistics.histogram). */
export const bucketFrom = (bucket: number): number => (bucket === 0 ? 0 : 100 * 10 ** (bucket / 2));
export const bucketTo = (bucket: number): number => 100 * 10 ** ((bucket + 1) / 2);

/** First and last bucket that any function fills: the axis of all histograms of a table. */
export const bucketRange = (functions: readonly FunctionStatistics[]): { from: number; to: number } | null => {
  let range: { from: number; to: number } | null = null;
  for (const { histogram } of functions)
    histogram.forEach((calls, bucket) => {
      if (calls > 0)
        range = { from: Math.min(range?.from ?? bucket, bucket), to: Math.max(range?.to ?? bucket, bucket) };
    });
  return range;
};
