/**
 * Where a list of millions of rows is scrolled to. Browsers draw no element taller than some 16 million pixels (and lose
 * precision before), so the scroll bar's own height is limited and stands for the place in the list.
 */
export interface Extent {
  /** Rows. */
  count: number;
  /** Height of a row in pixels. */
  line: number;
  /** Height of what is in sight, in pixels. */
  view: number;
}

/** Height in pixels up to which the scroll bar is as long as the list. */
export const maxHeight = 2_000_000;

const contentHeight = ({ count, line }: Extent): number => count * line;

/** Height of what is scrolled, in pixels. */
export const scrollHeight = (extent: Extent): number => Math.min(contentHeight(extent), maxHeight);

/** The farthest that the list can be scrolled, in pixels of the list. */
export const lastTop = (extent: Extent): number => Math.max(0, contentHeight(extent) - extent.view);

export const within = (top: number, extent: Extent): number => Math.max(0, Math.min(lastTop(extent), top));

/** @param scrollTop of the scroll bar @returns pixels of the list above what is in sight */
export const topOf = (scrollTop: number, extent: Extent): number => {
  const way = scrollHeight(extent) - extent.view;
  return way <= 0 ? 0 : within((scrollTop / way) * lastTop(extent), extent);
};

/** @returns where the scroll bar stands for a place in the list */
export const scrollTopOf = (top: number, extent: Extent): number => {
  const last = lastTop(extent);
  return last === 0 ? 0 : (top / last) * Math.max(0, scrollHeight(extent) - extent.view);
};

/** @returns the place from which a row is in sight, moved no further than needed, or with the row in the middle. */
export const topFor = (position: number, top: number, extent: Extent, where: "nearest" | "middle"): number => {
  const start = position * extent.line;
  if (where === "middle") return within(start - (extent.view - extent.line) / 2, extent);
  if (start < top) return within(start, extent);
  return start + extent.line > top + extent.view ? within(start + extent.line - extent.view, extent) : top;
};
