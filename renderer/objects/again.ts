import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectTask } from "./tasks.ts";

const same = (a: ObjectRow, b: ObjectRow): boolean =>
  a.class === b.class && a.label === b.label && a.id === b.id && a.uri === b.uri;

/**
 * An object as it is listed now: a new login gives private objects other handles. Where that cannot be told (none, or
 * several with these names), the row stays as it was, and the token host refuses it.
 */
export const rowAgain = (row: ObjectRow, rows: ObjectRow[]): ObjectRow => {
  const fitting = rows.filter((other) => same(row, other));
  const [only] = fitting;
  return fitting.find(({ handle }) => handle === row.handle) ?? (fitting.length === 1 && only ? only : row);
};

/** The same for a task under way. */
export const taskAgain = (task: ObjectTask, rows: ObjectRow[]): ObjectTask => {
  if ("row" in task) return { ...task, row: rowAgain(task.row, rows) };
  if ("rows" in task) return { ...task, rows: task.rows.map((row) => rowAgain(row, rows)) };
  return task;
};
