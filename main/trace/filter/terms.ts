import { returnValueNumber } from "../../pkcs11/return-values.ts";
import { foldHandle } from "../index/columns.ts";
import { kindNumber, kinds, markBit, outcomeOf } from "../index/flags.ts";
import type { Lane } from "../reader.ts";
import { isLogin, isObjectChange } from "./chips.ts";
import { FilterError, type Operator, type Term } from "./syntax.ts";

/** What a term asks of a row, in terms of the index. Text alone needs the record's bytes. */
export type Test =
  | { kind: "name"; accepts(name: string): boolean }
  | { kind: "rv"; accepts(rv: string): boolean }
  | { kind: "lane"; accepts(lane: Lane): boolean }
  | { kind: "duration" | "time"; operator: Operator; limit: number }
  | { kind: "session"; operator: Operator; limit: number }
  | { kind: "clock"; accepts(time: number): boolean }
  | { kind: "flags"; accepts(flags: number): boolean }
  | { kind: "kind"; accepts(kind: number): boolean }
  | { kind: "text"; text: string; field: "any" | "label" };

/** A key of the language: it reads its values, explains itself and suggests what may follow. */
export interface Key {
  names: readonly string[];
  about: string;
  operators: readonly Operator[];
  /** @throws FilterError if the value is none of this key. */
  read(term: Term): Test;
  /** Values to suggest; words of the opened trace are added by whoever asks. */
  values: readonly { text: string; about: string }[];
  /** Column whose words are suggested. */
  words?: "names" | "returnCodes" | "threads" | "processes";
}

const bad = (term: Term, message: string) =>
  new FilterError(message, term.valueAt.from, Math.max(term.valueAt.to, term.to));

const isNot = (operator: Operator) => operator === "!=";
const negated = <T>(term: Term, accepts: (value: T) => boolean): ((value: T) => boolean) =>
  isNot(term.operator) ? (value) => !accepts(value) : accepts;

/** "C_Sign*" to a test; upper and lower case are the same. */
const wildcard = (pattern: string): ((word: string) => boolean) => {
  if (!/[*?]/.test(pattern)) {
    const lower = pattern.toLowerCase();
    return (word) => word.toLowerCase() === lower;
  }
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${escaped}$`, "is");
  return (word) => expression.test(word);
};

const needed = (term: Term, example: string): string => {
  if (term.value === "") throw bad(term, `A value is missing, for example ${example}.`);
  return term.value;
};

const compare: Record<Operator, (a: number, b: number) => boolean> = {
  ":": (a, b) => a === b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
};

const readNumber = (term: Term, example: string): number => {
  const value = needed(term, example);
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(value)) throw bad(term, `A number is needed, for example ${example}.`);
  return Number(value);
};

const units: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, "": 1e6 };

const readDuration = (term: Term): Test => {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(ns|us|µs|μs|ms|s)?$/i.exec(needed(term, "50ms")) ?? [];
  if (digits === "") throw bad(term, "A time is needed: 50ms, 2s, 300us, 10ns.");
  const limit = Number(digits) * (units[unit.toLowerCase()] ?? 1e6);
  return { kind: "duration", operator: term.operator, limit };
};

const dayMicroseconds = 86_400e6;

/** Time of day in this computer's time zone, or a date and time; "2026-11-24" begins at midnight. */
const readTime = (term: Term): Test => {
  const value = needed(term, "14:05:30");
  const accepts = compare[term.operator];
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(value);
  if (clock) {
    const limit = (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0)) * 1e6;
    const timeOfDay = timesOfDay();
    return { kind: "clock", accepts: (time) => accepts(timeOfDay(time), limit) };
  }
  const date = /^\d{4}-\d{2}-\d{2}(T|$)/.test(value)
    ? Date.parse(value.length === 10 ? `${value}T00:00` : value)
    : Number.NaN;
  if (Number.isNaN(date)) throw bad(term, "A time is needed: 14:05:30 or 2026-11-24T14:05:30.");
  return { kind: "time", operator: term.operator, limit: date * 1000 };
};

/** Clocks are changed at a quarter of an hour: within one, asking for the zone once is enough, which takes 100 ns. */
const quarterMicroseconds = 900e6;

/** Turns times into times of day. A time that is less than two days is one already. */
const timesOfDay = (): ((time: number) => number) => {
  let quarter = Number.NaN;
  let zone = 0;
  return (time) => {
    if (time < 2 * dayMicroseconds) return time % dayMicroseconds;
    const own = Math.floor(time / quarterMicroseconds);
    if (own !== quarter) {
      quarter = own;
      zone = new Date(time / 1000).getTimezoneOffset() * 60e6;
    }
    const local = time - zone;
    return local - Math.floor(local / dayMicroseconds) * dayMicroseconds;
  };
};

/** `CKR_` may be left out; a number means the code with that number. */
const readReturnCode = (term: Term): Test => {
  const value = needed(term, "CKR_PIN_INCORRECT");
  const number = /^(0x[0-9a-f]+|\d{1,3})$/i.test(value) ? Number(value) : null;
  const named = wildcard(value);
  const prefixed = wildcard(`CKR_${value}`);
  const is = (rv: string) =>
    named(rv) || prefixed(rv) || (number !== null && rv !== "" && returnValueNumber(rv) === number);
  // A row without a return code is neither equal nor unequal.
  return { kind: "rv", accepts: (rv) => rv !== "" && is(rv) !== isNot(term.operator) };
};

const readName = (term: Term): Test => {
  const value = needed(term, "C_Sign");
  const named = wildcard(value);
  const prefixed = wildcard(`C_${value}`);
  return { kind: "name", accepts: negated(term, (name) => named(name) || prefixed(name)) };
};

/** Threads are spelt in decimal or hexadecimal, as the log has them or as people do. */
const readThread = (term: Term): Test => {
  const value = needed(term, "3").toLowerCase();
  const same = (thread: string) => {
    const own = thread.toLowerCase();
    if (own === value) return true;
    const [a, b] = [Number(own), Number(value)];
    return own !== "" && !Number.isNaN(a) && a === b;
  };
  return { kind: "lane", accepts: negated(term, ({ thread }) => same(thread)) };
};

const chips: Record<string, { about: string; test: Test }> = {
  error: {
    about: "calls that failed",
    test: { kind: "flags", accepts: (flags) => outcomeOf(flags) === "error" },
  },
  warning: {
    about: "return codes worth a look",
    test: { kind: "flags", accepts: (flags) => outcomeOf(flags) === "warning" },
  },
  expected: {
    about: "return codes that are no error here",
    test: { kind: "flags", accepts: (flags) => outcomeOf(flags) === "expected" },
  },
  login: { about: "logins, logouts and PIN changes", test: { kind: "name", accepts: isLogin } },
  change: { about: "calls that make, change or delete objects", test: { kind: "name", accepts: isObjectChange } },
  ...Object.fromEntries(
    Object.entries(markBit).map(([name, bit]) => [
      name,
      {
        about: `rows marked ${name.replaceAll("-", " ")}`,
        test: { kind: "flags", accepts: (flags: number) => (flags & bit) !== 0 },
      },
    ]),
  ),
  action: {
    about: "calls and commands to the card, without the lines of OpenSC's own log",
    test: { kind: "kind", accepts: (kind) => kind === kindNumber.call || kind === kindNumber.apdu },
  },
  ...Object.fromEntries(
    kinds.map((name, number) => [
      name,
      { about: `rows of the kind ${name}`, test: { kind: "kind", accepts: (kind: number) => kind === number } },
    ]),
  ),
};

/** The words that `is:` knows. */
export const chipValues: Key["values"] = Object.entries(chips).map(([text, { about }]) => ({ text, about }));

const readChip = (term: Term): Test => {
  const chip = chips[needed(term, "is:error").toLowerCase()];
  if (!chip) throw bad(term, `There is no is:${term.value}. There are: ${Object.keys(chips).join(", ")}.`);
  if (!isNot(term.operator)) return chip.test;
  const { test } = chip;
  return { ...test, accepts: (value: never) => !("accepts" in test && test.accepts(value)) } as Test;
};

const equality: readonly Operator[] = [":", "=", "!="];
const comparison: readonly Operator[] = [">", "<", ">=", "<=", "=", "!=", ":"];

export const keys: readonly Key[] = [
  {
    names: ["fn", "function", "name"],
    about: "function; * stands for anything",
    operators: equality,
    read: readName,
    values: [],
    words: "names",
  },
  {
    names: ["rv", "return"],
    about: "return code by name or number",
    operators: equality,
    read: readReturnCode,
    values: [{ text: "CKR_OK", about: "success" }],
    words: "returnCodes",
  },
  {
    names: ["dur", "duration"],
    about: "duration: 50ms, 2s, 300us",
    operators: comparison,
    read: readDuration,
    values: ["1ms", "10ms", "100ms", "1s"].map((text) => ({ text, about: "" })),
  },
  { names: ["time"], about: "time of day or date: 14:05:30", operators: comparison, read: readTime, values: [] },
  {
    names: ["session"],
    about: "session handle: 0x1",
    operators: equality,
    read: (term) => ({
      kind: "session",
      operator: term.operator,
      limit: foldHandle(readNumber(term, "0x1")),
    }),
    values: [],
  },
  { names: ["tid", "thread"], about: "thread", operators: equality, read: readThread, values: [], words: "threads" },
  {
    names: ["pid", "process"],
    about: "process number",
    operators: equality,
    read: (term) => {
      const number = readNumber(term, "1234");
      return { kind: "lane", accepts: negated(term, ({ process }: Lane) => process === number) };
    },
    values: [],
    words: "processes",
  },
  {
    names: ["label"],
    about: "label of a token or object",
    operators: [":", "="],
    read: (term) => ({ kind: "text", text: needed(term, 'label:"my key"'), field: "label" }),
    values: [],
  },
  {
    names: ["text"],
    about: "text anywhere in the record; small letters find large ones too",
    operators: [":", "="],
    read: (term) => ({ kind: "text", text: needed(term, 'text:"abc"'), field: "any" }),
    values: [],
  },
  {
    names: ["is"],
    about: "a kind of row",
    operators: equality,
    read: readChip,
    values: chipValues,
  },
];

/** @returns what a term asks. @throws FilterError for an unknown key, operator or value. */
export const testOf = (term: Term): Test => {
  if (term.key === "") return { kind: "text", text: term.value, field: "any" };
  const key = keys.find(({ names }) => names.includes(term.key));
  const keyEnd = term.from + term.key.length;
  if (!key)
    throw new FilterError(
      `There is no ${term.key}. There are: ${keys.map(({ names }) => names[0]).join(", ")}. Put a text with a colon in quotes.`,
      term.from,
      keyEnd,
    );
  if (!key.operators.includes(term.operator))
    throw new FilterError(
      `${term.key} can be followed by ${key.operators.join(" ")}`,
      keyEnd,
      keyEnd + term.operator.length,
    );
  return key.read(term);
};
