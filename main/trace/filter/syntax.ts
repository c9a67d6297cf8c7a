/** Filters as text: words joined by AND (or nothing), OR, NOT, parentheses; a word may be a test (`fn:C_Sign`, `dur>50ms`). */

export type Operator = ":" | "=" | "!=" | ">" | ">=" | "<" | "<=";

export interface Term {
  kind: "term";
  /** Lower case; "" for a text that is looked for anywhere. */
  key: string;
  operator: Operator;
  value: string;
  quoted: boolean;
  from: number;
  to: number;
  /** Where the value stands, without its quotes. */
  valueAt: { from: number; to: number };
}

export type Node = Term | { kind: "and" | "or"; parts: Node[] } | { kind: "not"; part: Node };

/** What is wrong with a filter, and where. */
export class FilterError extends Error {
  readonly from: number;
  readonly to: number;

  constructor(message: string, from: number, to: number) {
    super(message);
    this.from = from;
    this.to = to;
  }
}

type Token = { kind: "(" | ")" | "and" | "or" | "not"; from: number; to: number } | Term;

const start = /\s*(?:([()])|(AND|OR|NOT)(?=[\s()]|$)|(&&|\|\||!(?![=])))/y;
const test = /([A-Za-z][\w-]*)(:|!=|>=|<=|=|>|<)/y;
const bare = /[^\s()"]+/y;

const operatorWords: Record<string, "and" | "or" | "not"> = {
  AND: "and",
  OR: "or",
  NOT: "not",
  "&&": "and",
  "||": "or",
  "!": "not",
};

const maxTokens = 200;
const maxDepth = 30;

/** @returns the filter's tree; null for an empty filter, which lets everything through. @throws FilterError */
export const parseFilter = (text: string): Node | null => {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return null;
  let at = 0;

  const either = (depth: number): Node => {
    if (depth > maxDepth) throw new FilterError("The filter is nested too deeply.", 0, text.length);
    const parts = [every(depth)];
    while (tokens[at]?.kind === "or") {
      at++;
      parts.push(every(depth));
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: "or", parts };
  };
  const every = (depth: number): Node => {
    const parts = [single(depth)];
    for (;;) {
      const token = tokens[at];
      if (token?.kind === "and") at++;
      else if (!token || token.kind === "or" || token.kind === ")") break;
      parts.push(single(depth));
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: "and", parts };
  };
  const single = (depth: number): Node => {
    const token = tokens[at++];
    if (!token) throw new FilterError("Something is missing at the end.", text.length, text.length);
    if (token.kind === "not") return { kind: "not", part: single(depth + 1) };
    if (token.kind === "term") return token;
    if (token.kind !== "(") throw new FilterError("A test or a text is missing here.", token.from, token.to);
    const inner = either(depth + 1);
    const close = tokens[at++];
    if (close?.kind !== ")") throw new FilterError("This parenthesis is not closed.", token.from, token.to);
    return inner;
  };

  const whole = either(0);
  const left = tokens[at];
  if (left) throw new FilterError("This parenthesis was not opened.", left.from, left.to);
  return whole;
};

const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  const matches = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  for (;;) {
    while (/\s/.test(text[at] ?? "")) at++;
    if (at >= text.length) return tokens;
    if (tokens.length === maxTokens) throw new FilterError("The filter is too long.", at, text.length);
    const from = at;
    const mark = matches(start);
    if (mark) {
      at += mark[0].length;
      const word = mark[1] ?? operatorWords[mark[2] ?? mark[3] ?? ""];
      if (word) tokens.push({ kind: word as "and", from, to: at });
      continue;
    }
    const head = matches(test);
    if (head) at += head[0].length;
    const { value, quoted, valueAt, end } = valueAtPlace(text, at);
    at = end;
    tokens.push({
      kind: "term",
      key: head?.[1]?.toLowerCase() ?? "",
      operator: (head?.[2] as Operator | undefined) ?? ":",
      value,
      quoted,
      from,
      to: at,
      valueAt,
    });
  }
};

const valueAtPlace = (text: string, from: number) => {
  if (text[from] === '"') {
    let value = "";
    for (let at = from + 1; at < text.length; at++) {
      if (text[at] === '"') return { value, quoted: true, valueAt: { from: from + 1, to: at }, end: at + 1 };
      if (text[at] === "\\" && (text[at + 1] === '"' || text[at + 1] === "\\")) at++;
      value += text[at];
    }
    throw new FilterError("The closing quote is missing.", from, text.length);
  }
  bare.lastIndex = from;
  const value = bare.exec(text)?.[0] ?? "";
  return { value, quoted: false, valueAt: { from, to: from + value.length }, end: from + value.length };
};
