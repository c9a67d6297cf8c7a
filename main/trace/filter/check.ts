import type { Output } from "../../../preload/contract/index.ts";
import type { TraceReader } from "../reader.ts";
import { conditionOf } from "./evaluate.ts";
import { FilterError, parseFilter } from "./syntax.ts";
import { chipValues, type Key, keys } from "./terms.ts";

type Checked = Output<"trace.check">;
type Completion = Checked["completions"][number];

const maxCompletions = 50;
const suggestedChips = ["error", "login", "change"];

/** Whether a filter is valid, and what may follow at the cursor; with words of the trace, if one is given. */
export const checkFilter = (filter: string, cursor: number, reader: TraceReader | null): Checked => {
  const completions = completionsAt(filter, Math.min(cursor, filter.length), reader);
  try {
    const node = parseFilter(filter);
    if (node) conditionOf(node);
    return { valid: true, message: "", at: null, completions };
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown;
    return { valid: false, message: thrown.message, at: { from: thrown.from, to: thrown.to }, completions };
  }
};

const completionsAt = (filter: string, cursor: number, reader: TraceReader | null): Completion[] => {
  const before = filter.slice(0, cursor);
  // Nothing is suggested within quotes.
  if ((before.match(/(?<!\\)"/g) ?? []).length % 2 === 1) return [];
  const from = before.search(/[^\s()]*$/);
  const word = before.slice(from);
  const to = cursor + (/^[^\s()"]*/.exec(filter.slice(cursor))?.[0].length ?? 0);
  const [, name, operator, start = ""] = /^([A-Za-z][\w-]*)(:|!=|>=|<=|=|>|<)(.*)$/.exec(word) ?? [];
  if (name === undefined || operator === undefined) return keyCompletions(word, from, to);
  const key = keys.find(({ names }) => names.includes(name.toLowerCase()));
  if (!key) return [];
  const valueFrom = from + name.length + operator.length;
  return valuesOf(key, reader)
    .filter(({ text }) => matches(text, start))
    .slice(0, maxCompletions)
    .map(({ text, about }) => ({
      text: /[\s()"]/.test(text) ? JSON.stringify(text) : text,
      about,
      from: valueFrom,
      to,
    }));
};

const matches = (text: string, start: string): boolean => {
  const [whole, begun] = [text.toLowerCase(), start.toLowerCase()];
  return whole.startsWith(begun) || whole.replace(/^(c_|ckr_)/, "").startsWith(begun);
};

const keyCompletions = (word: string, from: number, to: number): Completion[] =>
  [
    ...keys.map(({ names, operators, about }) => ({ text: `${names[0]}${operators[0]}`, about })),
    ...chipValues
      .filter(({ text }) => suggestedChips.includes(text))
      .map(({ text, about }) => ({ text: `is:${text}`, about })),
    { text: "OR ", about: "one or the other" },
    { text: "NOT ", about: "the opposite of what follows" },
  ]
    .filter(({ text }) => text.toLowerCase().startsWith(word.toLowerCase()))
    .map((completion) => ({ ...completion, from, to }));

const valuesOf = (key: Key, reader: TraceReader | null): { text: string; about: string }[] => {
  const seen = reader ? wordsOf(key, reader) : [];
  return [
    ...key.values,
    ...seen.filter((text) => !key.values.some((value) => value.text === text)).map((text) => ({ text, about: "" })),
  ];
};

const wordsOf = ({ words }: Key, reader: TraceReader): string[] => {
  if (words === "names") return reader.names.filter((word) => word).toSorted();
  if (words === "returnCodes") return reader.returnCodes.filter((word) => word).toSorted();
  if (words === "threads") return [...new Set(reader.lanes.map(({ thread }) => thread).filter((word) => word))];
  if (words === "processes")
    return [...new Set(reader.lanes.flatMap(({ process }) => (process === null ? [] : [String(process)])))];
  return [];
};
