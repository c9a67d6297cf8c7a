import { marks as markNames } from "../../../preload/contract/trace-words.ts";

type Mark = (typeof markNames)[number];

/** Kinds of record, as numbers in the index. */
export const kinds = ["call", "apdu", "enter", "message", "note"] as const;
export type Kind = (typeof kinds)[number];
export const kindNumber = Object.fromEntries(kinds.map((kind, number) => [kind, number])) as Record<Kind, number>;

/** Outcomes, as numbers in the top three bits of a record's flags. 0 is none. */
export const outcomes = ["none", "ok", "expected", "warning", "error"] as const;
export type Outcome = (typeof outcomes)[number];
const outcomeShift = 12;

/** Marks are the low bits of a record's flags: bit i is the i-th mark of the contract. */
export const markBit = Object.fromEntries(markNames.map((name, bit) => [name, 1 << bit])) as Record<Mark, number>;

/** @returns the marks in a record's flags, in the contract's order. */
export const marksOf = (flags: number): Mark[] => markNames.filter((name) => (flags & markBit[name]) !== 0);

export const outcomeNumber = (flags: number): number => (flags >> outcomeShift) & 7;
export const outcomeOf = (flags: number): Outcome => outcomes[outcomeNumber(flags)] ?? "none";

/** @returns the flags with their outcome replaced. */
export const withOutcome = (flags: number, outcome: Outcome): number =>
  (flags & ((1 << outcomeShift) - 1)) | (outcomes.indexOf(outcome) << outcomeShift);

/** The outcome of an error, for comparing without a table: outcomeNumber(flags) === errorNumber. */
export const errorNumber = outcomes.indexOf("error");
