import type { Columns } from "./index/columns.ts";

/**
 * The order of rows over several files: by time, but never changing the order within a file, where a record without a
 * usable time stays behind the one before it.
 * @param slots of each file, in the file's order.
 * @returns slots in the order of rows.
 */
export const mergeByTime = (columns: Columns, slots: readonly Uint32Array[]): Uint32Array => {
  const heads = slots.map((own, file) => ({ own, file, next: 0, time: Number.NEGATIVE_INFINITY }));
  const { time } = columns;
  const advance = (head: (typeof heads)[number]) => {
    const slot = head.own[head.next];
    const at = slot === undefined ? Number.POSITIVE_INFINITY : (time[slot] ?? Number.NaN);
    // max(NaN, x) must be x: records without a time go with the one before.
    if (at > head.time) head.time = at;
  };
  const heap = heads.filter(({ own }) => own.length > 0);
  for (const head of heap) advance(head);
  const order = new Uint32Array(slots.reduce((sum, own) => sum + own.length, 0));
  const before = (a: number, b: number) => {
    const [x, y] = [heap[a], heap[b]];
    if (!x || !y) return false;
    return x.time < y.time || (x.time === y.time && x.file < y.file);
  };
  const swap = (a: number, b: number) => {
    const [x, y] = [heap[a], heap[b]];
    if (x && y) [heap[a], heap[b]] = [y, x];
  };
  const sink = (start: number) => {
    for (let at = start; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const child = left + 1 < heap.length && before(left + 1, left) ? left + 1 : left;
      if (!before(child, at)) return;
      swap(child, at);
      at = child;
    }
  };
  for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(at);
  for (let row = 0; row < order.length; row++) {
    const head = heap[0];
    if (!head) break;
    order[row] = head.own[head.next++] ?? 0;
    if (head.next === head.own.length) {
      const moved = heap.pop();
      if (moved && moved !== head) heap[0] = moved;
    } else advance(head);
    sink(0);
  }
  return order;
};
