import { fstatSync } from "node:fs";
import { chunkBytes, type Dialect, type ScanEnd, tailLimit } from "../dialects/dialect.ts";
import { readFully } from "../log-file.ts";
import { scratchOf } from "../scratch.ts";
import { Columns } from "./columns.ts";
import { Dictionary } from "./dictionary.ts";

/** The records of one range of a file, with words of its own. */
export interface Part {
  columns: Columns;
  names: readonly string[];
  returnCodes: readonly string[];
  lanes: readonly string[];
  end: ScanEnd;
  strayBytes: number;
  lost: number;
  /** Where scanning goes on if the file grows: what lies behind has been read but is not complete. */
  resume: number;
}

export interface Range {
  from: number;
  to: number;
  exact: boolean;
  /** The file may still grow: an incomplete last record is left for later, not called broken. */
  live: boolean;
}

/**
 * Scans one range, reading on behind it until the last record that began in it is complete. Blocks while it does.
 * @param columns to be filled; new ones if none are given.
 */
export const scanRange = (
  fd: number,
  dialect: Dialect,
  range: Range,
  columns = new Columns(expectedRecords(range)),
): Part => {
  const names = new Dictionary();
  const returnCodes = new Dictionary();
  const lanes = new Dictionary();
  const scanner = dialect.scanner({ columns, names, returnCodes, lanes, ...range });
  let kept = 0;
  let offset = range.exact ? range.from : Math.max(0, range.from - dialect.lookBehind);
  // A byte more than there is: a buffer that is not filled says that the file ends.
  const there = Math.max(0, fstatSync(fd).size - offset);
  const buffer = scratchOf(Math.min(chunkBytes + 2 * tailLimit, there + 1));
  for (;;) {
    const filled = readFully(fd, buffer, kept, offset + kept);
    const last = filled < buffer.length;
    const used = scanner.scan(buffer.subarray(0, filled), offset, last);
    buffer.copyWithin(0, used, filled);
    kept = filled - used;
    offset += used;
    if (scanner.done || last) break;
    if (kept > 2 * tailLimit) throw new Error(`${dialect.name}: the scanner leaves more than it may`);
  }
  const rest = scanner.done || range.live ? buffer.subarray(0, 0) : buffer.subarray(0, kept);
  const end = scanner.finish(rest, offset);
  if (range.live && !scanner.done) dropFrom(columns, offset);
  return {
    columns,
    names: names.words,
    returnCodes: returnCodes.words,
    lanes: lanes.words,
    end,
    strayBytes: scanner.strayBytes,
    lost: scanner.lost,
    resume: offset,
  };
};

/** Room for records of some 200 bytes: mostly enough, and never much. */
const expectedRecords = ({ from, to }: Range): number =>
  Math.ceil(Math.min(Math.max(to - from, 0), 32 << 20) / 200) + 64;

/** Takes off the last records that begin at or behind an offset. */
const dropFrom = (columns: Columns, offset: number): void => {
  while (columns.count > 0 && (columns.offset[columns.count - 1] ?? 0) >= offset) columns.count--;
};
