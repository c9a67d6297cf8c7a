import type { Dialect } from "./dialects/dialect.ts";
import type { Part } from "./index/scan-range.ts";
import type { Pool } from "./worker/pool.ts";
import { partOf } from "./worker/run-task.ts";

/** Bytes that one task scans: some 20 ms of work, so that results stream in and cancelling is quick. */
const rangeBytes = 16 * 1024 * 1024;

export interface IndexWork {
  path: string;
  dialect: Dialect;
  from: number;
  to: number;
  /** The file may still grow behind `to`. */
  live: boolean;
  /** A record is known to begin at `from`. */
  exact: boolean;
  /** Where the records before say that the next one begins; null: unknown. */
  expected: number | null;
  /** Takes the next part, in the file's order, and how far the file is indexed with it. */
  append(part: Part, done: number): void;
  cancelled(): boolean;
}

/**
 * Indexes a stretch of a file in ranges, several at a time, and hands the parts over in their order. Where a range turns
 * out to have begun inside a record of the range before it (which only the range before can know), it is scanned again.
 * @returns where the next record begins, if the dialect tells.
 */
export const indexStretch = async (pool: Pool, work: IndexWork): Promise<number | null> => {
  const ranges: { from: number; to: number }[] = [];
  for (let from = work.from; from < work.to; from += rangeBytes)
    ranges.push({ from, to: Math.min(from + rangeBytes, work.to) });

  const scan = async (from: number, to: number, exact: boolean): Promise<Part> => {
    const live = work.live && to === work.to;
    return partOf(
      await pool.run({ kind: "scan", path: work.path, dialect: work.dialect.name, range: { from, to, exact, live } }),
    );
  };

  let { expected } = work;
  const underWay: Promise<Part>[] = [];
  let next = 0;
  for (const range of ranges) {
    while (next < ranges.length && underWay.length < pool.width) {
      const ahead = ranges[next++];
      if (!ahead) break;
      const part = scan(ahead.from, ahead.to, work.exact && ahead.from === work.from);
      // Whoever waits for it hears of its failure; if nobody does any more, nobody needs to.
      part.catch(() => {});
      underWay.push(part);
    }
    let part = await (underWay.shift() ?? scan(range.from, range.to, false));
    if (work.cancelled()) return expected;
    if (expected !== null && expected >= range.to) {
      // The whole range lies within a record of an earlier one.
      work.append({ ...emptyPart(part), end: { next: expected, open: [], closing: [] } }, range.to);
      continue;
    }
    if (
      expected !== null &&
      expected >= range.from &&
      part.columns.offset[0] !== expected &&
      !isEmptyAt(part, expected)
    )
      part = await scan(expected, range.to, true);
    if (work.cancelled()) return expected;
    work.append(part, work.live && range.to === work.to ? Math.max(part.resume, range.from) : range.to);
    expected = part.end.next;
    pool.giveBack(part.columns);
  }
  return expected;
};

const isEmptyAt = (part: Part, expected: number): boolean => part.columns.count === 0 && part.end.next === expected;

const emptyPart = (part: Part): Part => {
  part.columns.count = 0;
  return part;
};
