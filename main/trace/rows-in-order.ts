import type { Columns } from "./index/columns.ts";
import { mergeByTime } from "./order.ts";
import type { Lane } from "./reader.ts";

/** Rows of a trace of several files: which slot of the index each is, and back. */
export interface RowOrder {
  slots: Uint32Array;
  rows: Uint32Array;
}

/** Arranges all slots by time. Some 30 ns a row. */
export const arrange = (columns: Columns, lanes: readonly Lane[], fileCount: number): RowOrder =>
  withRows(sorted(columns, lanes, fileCount, 0));

/**
 * Arranges the slots that came since, if all of them are later than those that were there, as in a live trace.
 * @returns null if rows would have to move: everything must be arranged anew.
 */
export const extend = (
  { slots }: RowOrder,
  columns: Columns,
  lanes: readonly Lane[],
  fileCount: number,
): RowOrder | null => {
  const added = sorted(columns, lanes, fileCount, slots.length);
  const latest = latestOf(columns, slots);
  for (const slot of added) if (!((columns.time[slot] ?? Number.NaN) >= latest)) return null;
  const all = new Uint32Array(slots.length + added.length);
  all.set(slots);
  all.set(added, slots.length);
  return withRows(all);
};

/** The last time among the rows at the end; times within a file may go back a little. */
const latestOf = ({ time }: Columns, slots: Uint32Array): number => {
  let latest = Number.NEGATIVE_INFINITY;
  for (const slot of slots.subarray(-1000)) latest = Math.max(latest, time[slot] || Number.NEGATIVE_INFINITY);
  return latest;
};

const sorted = (columns: Columns, lanes: readonly Lane[], fileCount: number, first: number): Uint32Array => {
  const { lane, count } = columns;
  const fileOf = (slot: number) => lanes[lane[slot] ?? 0]?.file ?? 0;
  const sizes = new Uint32Array(fileCount);
  for (let slot = first; slot < count; slot++) {
    const file = fileOf(slot);
    sizes[file] = (sizes[file] ?? 0) + 1;
  }
  const perFile = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(fileCount);
  for (let slot = first; slot < count; slot++) {
    const file = fileOf(slot);
    const at = filled[file] ?? 0;
    (perFile[file] as Uint32Array)[at] = slot;
    filled[file] = at + 1;
  }
  return mergeByTime(columns, perFile);
};

const withRows = (slots: Uint32Array): RowOrder => {
  const rows = new Uint32Array(slots.length);
  for (let row = 0; row < rows.length; row++) rows[slots[row] ?? 0] = row;
  return { slots, rows };
};
