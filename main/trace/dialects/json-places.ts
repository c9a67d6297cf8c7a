/** A JSON value with its place in the bytes. Numbers keep their spelling: times have 19 digits. */
export type JsonNode = { from: number; to: number } & (
  | { kind: "object"; members: { key: string; value: JsonNode }[] }
  | { kind: "array"; items: JsonNode[] }
  | { kind: "string"; value: string }
  | { kind: "number"; raw: string }
  | { kind: "literal"; value: boolean | null }
);

const maxDepth = 24;
const decoder = new TextDecoder();
const literals: [string, boolean | null][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** Reads one JSON value that fills `bytes` from `start` to their end (white space aside). @returns null if it is not JSON. */
export const readJson = (bytes: Uint8Array, start = 0): JsonNode | null => {
  let at = start;

  const blank = () => {
    for (let c = bytes[at]; c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0d; c = bytes[at]) at++;
  };
  const take = (char: string): boolean => {
    blank();
    if (bytes[at] !== char.charCodeAt(0)) return false;
    at++;
    return true;
  };

  const string = (): JsonNode | null => {
    const from = at++;
    for (; at < bytes.length && bytes[at] !== 0x22; at++) {
      if ((bytes[at] ?? 0) < 0x20) return null;
      if (bytes[at] === 0x5c) at++;
    }
    if (at >= bytes.length) return null;
    at++;
    try {
      return { kind: "string", from, to: at, value: JSON.parse(decoder.decode(bytes.subarray(from, at))) as string };
    } catch {
      return null;
    }
  };

  const number = (): JsonNode | null => {
    const from = at;
    while (at < bytes.length && "+-.0123456789eE".includes(String.fromCharCode(bytes[at] ?? 0))) at++;
    const raw = decoder.decode(bytes.subarray(from, at));
    return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(raw) ? { kind: "number", from, to: at, raw } : null;
  };

  const literal = (): JsonNode | null => {
    for (const [word, value] of literals)
      if (decoder.decode(bytes.subarray(at, at + word.length)) === word) {
        at += word.length;
        return { kind: "literal", from: at - word.length, to: at, value };
      }
    return null;
  };

  const array = (depth: number): JsonNode | null => {
    const from = at++;
    const items: JsonNode[] = [];
    if (take("]")) return { kind: "array", from, to: at, items };
    for (;;) {
      const item = value(depth + 1);
      if (!item) return null;
      items.push(item);
      if (take("]")) return { kind: "array", from, to: at, items };
      if (!take(",")) return null;
    }
  };

  const object = (depth: number): JsonNode | null => {
    const from = at++;
    const members: { key: string; value: JsonNode }[] = [];
    if (take("}")) return { kind: "object", from, to: at, members };
    for (;;) {
      blank();
      const key = bytes[at] === 0x22 ? string() : null;
      if (key?.kind !== "string" || !take(":")) return null;
      const member = value(depth + 1);
      if (!member) return null;
      members.push({ key: key.value, value: member });
      if (take("}")) return { kind: "object", from, to: at, members };
      if (!take(",")) return null;
    }
  };

  const value = (depth: number): JsonNode | null => {
    blank();
    if (depth > maxDepth) return null;
    const first = bytes[at];
    if (first === 0x7b) return object(depth);
    if (first === 0x5b) return array(depth);
    if (first === 0x22) return string();
    return first === 0x2d || (first !== undefined && first >= 0x30 && first <= 0x39) ? number() : literal();
  };

  const whole = value(0);
  blank();
  return at === bytes.length ? whole : null;
};

/** Writes a node as the spy writes JSON: no blanks, the same escapes. The same bytes come out if the spy wrote them. */
export const writeJson = (node: JsonNode): string => {
  switch (node.kind) {
    case "object":
      return `{${node.members.map(({ key, value }) => `${JSON.stringify(key)}:${writeJson(value)}`).join(",")}}`;
    case "array":
      return `[${node.items.map(writeJson).join(",")}]`;
    case "string":
      return JSON.stringify(node.value);
    case "number":
      return node.raw;
    case "literal":
      return String(node.value);
  }
};

/** @returns the member of an object, or undefined. */
export const member = (node: JsonNode | undefined | null, key: string): JsonNode | undefined =>
  node?.kind === "object" ? node.members.find((entry) => entry.key === key)?.value : undefined;

/** @returns a number; null if it is none. Whole numbers over 2^53 are rounded. */
export const numberIn = (node: JsonNode | undefined): number | null =>
  node?.kind === "number" ? Number(node.raw) : null;
export const textIn = (node: JsonNode | undefined): string | null => (node?.kind === "string" ? node.value : null);
