import { loginFunctions, pinCommands } from "../../../preload/contract/trace-words.ts";
import { nameCodes, programAt, type TraceView } from "../view/view.ts";
import { pinMessage } from "./functions.ts";

/** At most so many login events are told, the newest ones, and at most so many rows decoded for them (a second or two). */
const maxLogins = 2000;
const maxRows = 8000;
/** Calls kept around a login, of its process: what was read of tokens before and after, and the sessions opened. */
const infosBefore = 6;
const infosAfter = 6;
const opensBefore = 16;

export interface LoginRows {
  rows: number[];
  logins: number;
  /** Older events that are left out. */
  more: number;
}

/**
 * Rows that a login trace is made of, by passes over the columns: logins and PIN changes, and around each the calls
 * that tell its token and PIN flags. Ascending; bounded whatever the trace's length.
 */
export const loginRows = (view: TraceView): LoginRows => {
  const pins = nameCodes(view, [...loginFunctions, ...pinCommands, pinMessage]);
  let count = 0;
  for (let row = 0; row < view.count; row += 1) if (pins.has(view.nameAt(row))) count += 1;
  for (let limit = maxLogins; ; limit = limit >> 1) {
    const selected = newest(view, pins, count, limit);
    if (selected.rows.length <= maxRows || limit <= 1) return selected;
  }
};

/** Rows for the newest `limit` of `count` events, which have names of the codes `pins`. */
const newest = (view: TraceView, pins: ReadonlySet<number>, count: number, limit: number): LoginRows => {
  const infos = nameCodes(view, ["C_GetTokenInfo"]);
  const opens = nameCodes(view, ["C_OpenSession"]);
  const skipped = Math.max(0, count - limit);
  const rows = new Set<number>();
  const recentInfos: number[][] = [];
  const recentOpens: number[][] = [];
  const wanted: number[] = [];
  let seen = 0;
  const keep = (lists: number[][], program: number, row: number, limit: number) => {
    const list = lists[program] ?? [];
    lists[program] = list;
    list.push(row);
    if (list.length > limit) list.shift();
  };
  for (let row = 0; row < view.count; row += 1) {
    const name = view.nameAt(row);
    const isInfo = infos.has(name);
    const isOpen = !isInfo && opens.has(name);
    if (!isInfo && !isOpen && !pins.has(name)) continue;
    const program = programAt(view, row);
    if (isOpen) keep(recentOpens, program, row, opensBefore);
    else if (isInfo) {
      const after = wanted[program] ?? 0;
      if (after > 0) {
        wanted[program] = after - 1;
        rows.add(row);
      }
      keep(recentInfos, program, row, infosBefore);
    } else {
      seen += 1;
      if (seen <= skipped) continue;
      for (const before of recentInfos[program] ?? []) rows.add(before);
      for (const before of recentOpens[program] ?? []) rows.add(before);
      rows.add(row);
      wanted[program] = infosAfter;
    }
  }
  return { rows: [...rows].sort((a, b) => a - b), logins: count - skipped, more: skipped };
};
