import type { CheckedInput } from "../../preload/contract/index.ts";
import { isLogin, isObjectChange } from "./filter/chips.ts";
import { errorNumber, outcomeNumber } from "./index/flags.ts";
import type { TraceReader } from "./reader.ts";
import { positionIn } from "./trace-rows.ts";

type Query = Pick<CheckedInput<"trace.next">, "row" | "what" | "backwards">;

/**
 * The next row of a kind before or behind a row, among those that a filter lets through.
 * @param rows ascending; null: all.
 */
export const nextRow = (
  reader: TraceReader,
  rows: Uint32Array | null,
  { row, what, backwards }: Query,
): number | null => {
  const { columns, names } = reader;
  const wanted = what === "login" ? isLogin : what === "object-change" ? isObjectChange : null;
  const named = wanted && Uint8Array.from(names, (name) => (wanted(name) ? 1 : 0));
  const fits = (at: number): boolean => {
    const slot = reader.slot(at);
    if (what === "match") return true;
    if (named) return named[columns.name[slot] ?? 0] === 1;
    return outcomeNumber(columns.flags[slot] ?? 0) === errorNumber;
  };
  const step = backwards ? -1 : 1;
  const count = rows?.length ?? reader.rowCount;
  const { position, exact } = rows ? positionIn(rows, Math.max(0, row)) : { position: row, exact: true };
  const first = row < 0 ? (backwards ? count - 1 : 0) : backwards ? position - 1 : position + (exact ? 1 : 0);
  for (let at = first; at >= 0 && at < count; at += step) {
    const candidate = rows ? (rows[at] ?? 0) : at;
    if (fits(candidate)) return candidate;
  }
  return null;
};
