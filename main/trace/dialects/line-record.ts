import { brokenLine, type RecordBytes } from "./dialect.ts";

/** A record as lines; those behind left-out bytes have their places in the whole record. */
export interface LineRecord<Line> {
  lines: Line[];
  /** Bytes left out, with the pieces of lines at both sides. */
  gap: { from: number; to: number } | null;
}

/** @param linesOf takes bytes apart into lines; `offset` is where they stand in the record */
export const readLines = <Line>(
  { bytes, left }: RecordBytes,
  linesOf: (bytes: Buffer, offset: number) => Line[],
): LineRecord<Line> => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!left) return { lines: linesOf(all, 0), gap: null };
  const { from, to } = brokenLine(all, left);
  const after = Math.min(to + 1, all.length);
  return {
    lines: [...linesOf(all.subarray(0, from), 0), ...linesOf(all.subarray(after), after + left.count)],
    gap: { from, to: after + left.count },
  };
};
