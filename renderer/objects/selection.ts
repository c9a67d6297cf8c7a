/** Which objects are chosen, by handle, and where the keyboard is. */
export interface Selection {
  chosen: ReadonlySet<string>;
  /** Row that the keyboard is on. */
  active: string | null;
  /** Row from which a range reaches. */
  anchor: string | null;
}

export const noSelection: Selection = { chosen: new Set(), active: null, anchor: null };

export const only = (handle: string): Selection => ({ chosen: new Set([handle]), active: handle, anchor: handle });

export const many = (handles: string[]): Selection => ({
  chosen: new Set(handles),
  active: handles[0] ?? null,
  anchor: handles[0] ?? null,
});

/** The keyboard goes there, nothing else changes. */
export const moved = (selection: Selection, handle: string): Selection => ({ ...selection, active: handle });

export const toggled = (selection: Selection, handle: string): Selection => {
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(handle)) chosen.add(handle);
  return { chosen, active: handle, anchor: handle };
};

/** @param order handles as they are shown */
export const ranged = (selection: Selection, order: string[], handle: string): Selection => {
  const to = order.indexOf(handle);
  const from = selection.anchor === null ? to : order.indexOf(selection.anchor);
  if (to < 0 || from < 0) return only(handle);
  const chosen = new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1));
  return { chosen, active: handle, anchor: order[from] ?? handle };
};

export const everything = (selection: Selection, order: string[]): Selection => ({
  chosen: new Set(order),
  active: selection.active ?? order[0] ?? null,
  anchor: selection.anchor ?? order[0] ?? null,
});
