import type { TraceRow } from "../../../preload/contract/trace.ts";

/** Terms of the filter language that the window puts in by itself; main/trace/filter has the language. */

const spaces = /\s+/g;

/** A term stands by itself: not in quotes, not negated, not beside OR. Otherwise the filter is the user's own writing. */
const termsOf = (filter: string): string[] => filter.trim().split(spaces).filter(Boolean);

export const hasTerm = (filter: string, term: string): boolean => termsOf(filter).includes(term);

/** @returns the filter with a term, or without it. */
export const withTerm = (filter: string, term: string, on: boolean): string => {
  if (!on)
    return termsOf(filter)
      .filter((one) => one !== term)
      .join(" ");
  if (hasTerm(filter, term)) return filter;
  const own = filter.trim();
  // What is joined by OR stays together.
  return [/\bOR\b|\|\|/.test(own) ? `(${own})` : own, term].filter(Boolean).join(" ");
};

/** A value as it stands behind "fn:" and the like. */
export const quoted = (value: string): string => (/[\s()"]/.test(value) ? JSON.stringify(value) : value);

/** What can be filtered by on a row, with words for the menu. */
export const termsFor = (row: TraceRow): { id: string; title: string; term: string }[] =>
  [
    { id: "function", title: `Function ${row.name}`, key: "fn:", value: row.name },
    { id: "session", title: `Session ${row.session}`, key: "session:", value: row.session },
    { id: "thread", title: `Thread ${row.thread}`, key: "tid:", value: row.thread },
    { id: "process", title: `Process ${row.process}`, key: "pid:", value: row.process },
    { id: "rv", title: `Return code ${row.rv}`, key: "rv:", value: row.rv },
  ].flatMap(({ id, title, key, value }) =>
    value === null || value === "" ? [] : [{ id, title, term: `${key}${quoted(String(value))}` }],
  );

/** @param hasLines whether the log has lines of OpenSC's own between the calls */
export const chipsFor = (hasLines: boolean): readonly { term: string; title: string }[] => [
  ...(hasLines
    ? [
        { term: "is:action", title: "Without log lines" },
        { term: "is:apdu", title: "Card commands" },
      ]
    : []),
  { term: "is:error", title: "Errors" },
  { term: "is:login", title: "Logins" },
  { term: "is:change", title: "Object changes" },
  { term: "is:ambiguous", title: "Ambiguous" },
];
