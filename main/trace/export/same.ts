import { type Mask, putMasks } from "../dialects/dialect.ts";
import type { Trace } from "../trace.ts";
import type { Counts } from "./counts.ts";
import { maskOutside } from "./outside.ts";
import type { Pseudonyms } from "./pseudonyms.ts";
import { masksOf, sanitised, starOut, unseenPart } from "./sanitise.ts";

export interface ExportParts {
  trace: Trace;
  /** Ascending; null: all. */
  rows: Uint32Array | null;
  pseudonyms: Pseudonyms | null;
  counts: Counts;
}

const pieceBytes = 256 * 1024;

/**
 * The whole log in its own dialect: every byte in its place. Records may overlap (threads); what one of them masks is
 * masked. Lines that belong to no record may hold anything and become stars. At most a piece of the log is in memory.
 */
export async function* wholeLog({ trace, pseudonyms, counts }: ExportParts): AsyncGenerator<Uint8Array> {
  const [opened] = trace.logs;
  if (!opened) return;
  const { log, plain, dialect, done: size } = opened;
  let names: Mask[] = [];
  let secrets: Mask[] = [];
  let unseen: { from: number; to: number }[] = [];
  let at = 0;
  /** Bytes before are in a record. */
  let covered = plain.start;

  const until = function* (end: number): Generator<Uint8Array> {
    while (at < end) {
      const isStray = at >= covered;
      const to = Math.min(end, at + pieceBytes, isStray ? end : covered);
      const read = log.read(at, to - at);
      if (read.length === 0) return;
      // Whole lines, if there are any.
      const bytes =
        isStray && at + read.length < end ? read.subarray(0, read.lastIndexOf(0x0a) + 1 || read.length) : read;
      if (isStray) maskOutside(dialect, bytes, pseudonyms, counts);
      for (const { from, to: last } of unseen)
        if (last > at && from < to) starOut(bytes.subarray(Math.max(0, from - at), last - at));
      putMasks(bytes, at, names);
      putMasks(bytes, at, secrets);
      at += bytes.length;
      yield bytes;
    }
    names = names.filter((mask) => mask.to > at);
    secrets = secrets.filter((mask) => mask.to > at);
    unseen = unseen.filter(({ to }) => to > at);
  };
  for (let row = 0; row < trace.rowCount; row++) {
    const offset = trace.columns.offset[trace.slot(row)] ?? 0;
    const length = trace.columns.length[trace.slot(row)] ?? 0;
    yield* until(Math.min(offset, size));
    const record = trace.record(row);
    const masks = masksOf(dialect, record, trace.context(row), pseudonyms);
    counts.addMasks(masks);
    const moved = ({ from, to, ...rest }: Mask): Mask => ({ ...rest, from: from + offset, to: to + offset });
    names.push(...masks.names.map(moved));
    secrets.push(...masks.secrets.map(moved));
    const middle = unseenPart(dialect, record);
    if (middle) {
      unseen.push({ from: middle.from + offset, to: middle.to + offset });
      counts.add("middle of a very long record");
    }
    covered = Math.max(covered, Math.min(offset + length, size));
  }
  yield* until(size);
}

/** The records of some rows in their own dialect, one after the other. */
export async function* someRecords({ trace, rows, pseudonyms, counts }: ExportParts): AsyncGenerator<Uint8Array> {
  for (const row of rows ?? []) {
    const { dialect } = trace.logOf(row);
    const record = trace.record(row);
    const masks = masksOf(dialect, record, trace.context(row), pseudonyms);
    counts.addMasks(masks);
    const { bytes, left } = sanitised(dialect, record, masks);
    if (!left) {
      yield bytes;
      continue;
    }
    counts.add("middle of a very long record");
    yield bytes.subarray(0, left.at);
    // Copied in pieces; the spy's own recordings hold nothing secret, anything else is stars.
    const offset = (trace.columns.offset[trace.slot(row)] ?? 0) + left.at;
    for (let done = 0; done < left.count; done += pieceBytes) {
      const piece = trace.logOf(row).log.read(offset + done, Math.min(pieceBytes, left.count - done));
      if (unseenPart(dialect, record)) starOut(piece);
      putMasks(piece, left.at + done, masks.names);
      putMasks(piece, left.at + done, masks.secrets);
      yield piece;
    }
    yield bytes.subarray(left.at);
  }
}
