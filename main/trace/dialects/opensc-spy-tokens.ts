/**
 * The lines of a record, each taken apart by what it is and written again from its parts. Text is Latin-1: one letter a
 * byte, so that places in it are places in the file.
 */
export type SpyLine = { from: number; to: number; end: string } & (
  | { kind: "header"; number: string; name: string }
  | { kind: "stamp"; process: string | null; thread: string | null; time: string }
  | { kind: "returned"; number: string; name: string }
  | { kind: "number"; direction: Direction; name: string; value: bigint; raw: string }
  | { kind: "value"; direction: Direction; name: string; value: string }
  | { kind: "buffer"; direction: Direction; name: string; pointer: string; length: number; size: string | null }
  | { kind: "block"; direction: Direction; name: string; count: string | null; tail: string }
  | { kind: "attribute"; name: string; pad: string; value: string }
  | { kind: "row"; offset: number; bytes: number[]; masked: boolean }
  | { kind: "words"; indent: string; bytes: number[]; tail: string }
  | { kind: "letters"; text: string }
  | { kind: "entry"; pad: string; key: string; gap: string; value: string }
  | { kind: "quoted"; pad: string; key: string; gap: string; value: string }
  | { kind: "text"; text: string }
);
export type Direction = "in" | "out" | "";
type Fresh<T> = T extends unknown ? Omit<T, "from" | "to" | "end"> : never;
type Part = Fresh<SpyLine>;

const directed = (direction: Direction): string => (direction === "" ? "" : `[${direction}] `);
const hexOf = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, "0");
const isShown = (byte: number): boolean => byte >= 0x20 && byte < 0x80;

/** A row of a dump since 0.13: offset, 16 bytes, their letters. */
const rowText = (offset: number, bytes: readonly number[], masked: boolean): string => {
  const hex = bytes.map((byte) => (masked ? "** " : `${hexOf(byte)} `)).join("");
  const letters = bytes.map((byte) => (masked ? "*" : isShown(byte) ? String.fromCharCode(byte) : ".")).join("");
  return `    ${offset.toString(16).toUpperCase().padStart(8, "0")}  ${hex.padEnd(48)} ${letters.padEnd(16)}`;
};
/** A row of text attributes and of every dump before 0.13: up to 32 bytes in words of four. */
const wordsText = (indent: string, bytes: readonly number[], tail: string): string =>
  `${indent}${(
    bytes
      .map(hexOf)
      .join("")
      .match(/.{1,8}/g) ?? []
  ).join(" ")}${tail}`;

/** A row of a dump with stars for its bytes: same length, offset kept. */
export const maskedRow = (line: SpyLine): string =>
  line.kind === "row" ? rowText(line.offset, line.bytes, true) : bodyOf(line).replace(/[^ ]/g, "*");

/** Writes a line as the spy does. */
export const writeLine = (line: SpyLine): string => bodyOf(line) + line.end;

const bodyOf = (line: Part): string => {
  switch (line.kind) {
    case "header":
      return `${line.number}: ${line.name}`;
    case "stamp":
      return line.process === null ? line.time : `P:${line.process}; T:${line.thread} ${line.time}`;
    case "returned":
      return `Returned:  ${line.number} ${line.name}`;
    case "number":
      return `${directed(line.direction)}${line.name} = 0x${line.value.toString(16)}`;
    case "value":
      return `${directed(line.direction)}${line.name} = ${line.value}`;
    case "buffer":
      return `${directed(line.direction)}${line.name} ${line.size === null ? `${line.pointer} / ${line.length}` : `${line.pointer}[size : 0x${line.size} (${line.length})]`}`;
    case "block":
      return `${directed(line.direction)}${line.name}${line.count === null ? "" : `[${line.count}]`}: ${line.tail}`;
    case "attribute":
      return `    ${line.name}${line.pad}${line.value}`;
    case "row":
      return rowText(line.offset, line.bytes, line.masked);
    case "words":
      return wordsText(line.indent, line.bytes, line.tail);
    case "letters":
      return `    ${line.text}`;
    case "entry":
      return `${line.pad}${line.key}:${line.gap}${line.value}`;
    case "quoted":
      return `${line.pad}${line.key}${line.key === "" ? "" : ":"}${line.gap}'${line.value}'`;
    case "text":
      return line.text;
  }
};

const bytesIn = (hex: string): number[] => (hex.match(/[0-9A-F]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16));
const asDirection = (text: string | undefined): Direction => (text === "in" || text === "out" ? text : "");

/** No line of the spy is longer; expressions are not let loose on what is. */
export const longestLine = 4096;

type Reader = [RegExp, (match: RegExpExecArray) => Part | null];

/** What lines look like, in the order in which they are tried. */
const readers: Reader[] = [
  [/^Returned: {2}(-?\d+) (\S.*)$/, ([, number = "", name = ""]) => ({ kind: "returned", number, name })],
  [
    /^(?:P:(\d+); T:(\S+) )?(\d+-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})$/,
    ([, process, thread, time = ""]) => ({ kind: "stamp", process: process ?? null, thread: thread ?? null, time }),
  ],
  [/^(\d+): (C_\w+|SetOperationState)$/, ([, number = "", name = ""]) => ({ kind: "header", number, name })],
  [
    /^ {4}([0-9A-F]{8}) {2}((?:[0-9A-F]{2} )*) *.*$/,
    ([, offset = "", hex = ""]) => ({
      kind: "row",
      offset: Number.parseInt(offset, 16),
      bytes: bytesIn(hex),
      masked: false,
    }),
  ],
  [
    /^ {4}([0-9A-F]{8}) {2}((?:\*\* )+) *.*$/,
    ([, offset = "", stars = ""]) => ({
      kind: "row",
      offset: Number.parseInt(offset, 16),
      bytes: new Array<number>(stars.length / 3).fill(0x2a),
      masked: true,
    }),
  ],
  [
    /^( {4}|)((?:[0-9A-F]{8} )*[0-9A-F]{2,8})( ?)$/,
    ([, indent = "", hex = "", tail = ""]) => ({ kind: "words", indent, bytes: bytesIn(hex), tail }),
  ],
  [
    /^ {4}(CK[A-Z]*_(?:\? \(0x[0-9a-fA-F]+\)|\w+))( +)(.*)$/,
    ([, name = "", pad = "", value = ""]) => ({ kind: "attribute", name, pad, value }),
  ],
  [
    /^( {6,})([A-Za-z]\w*):( +)'([\s\S]*)'$/,
    ([, pad = "", key = "", gap = "", value = ""]) => ({ kind: "quoted", pad, key, gap, value }),
  ],
  [/^( {12,})'([\s\S]*)'$/, ([, pad = "", value = ""]) => ({ kind: "quoted", pad, key: "", gap: "", value })],
  [
    /^( {5,})([A-Za-z]\w*):( +)(\S.*)$/,
    ([, pad = "", key = "", gap = "", value = ""]) => ({ kind: "entry", pad, key, gap, value }),
  ],
  [/^ {4}( .*)$/, ([, text = ""]) => ({ kind: "letters", text })],
  [
    /^(?:\[(in|out)\] )?([*\w>-]+) = 0x([0-9a-f]{1,16})$/,
    ([, direction, name = "", raw = ""]) => ({
      kind: "number",
      direction: asDirection(direction),
      name,
      value: BigInt(`0x${raw}`),
      raw,
    }),
  ],
  [
    /^(?:\[(in|out)\] )?([*\w>-]+(?:\[[*\w]+\])?) ([0-9a-fA-F]{8,16}) \/ (-?\d+)$/,
    ([, direction, name = "", pointer = "", length]) => ({
      kind: "buffer",
      direction: asDirection(direction),
      name,
      pointer,
      length: Number(length),
      size: null,
    }),
  ],
  [
    /^(?:\[(in|out)\] )?([*\w>-]+(?:\[[*\w]+\])?) (NULL |)\[size : 0x([0-9a-fA-F]+) \((-?\d+)\)\]$/,
    ([, direction, name = "", pointer = "", size = "", length]) => ({
      kind: "buffer",
      direction: asDirection(direction),
      name,
      pointer,
      length: Number(length),
      size,
    }),
  ],
  [
    /^(?:\[(in|out)\] )?([*\w>-]+)(?:\[(\d+)\])?: (.*)$/,
    ([, direction, name = "", count, tail = ""]) =>
      direction || count !== undefined || name === "pInfo"
        ? { kind: "block", direction: asDirection(direction), name, count: count ?? null, tail }
        : null,
  ],
  [
    /^(?:\[(in|out)\] )?([*\w>-]+(?:\[[*\w]+\])?) = (.*)$/,
    ([, direction, name = "", value = ""]) => ({ kind: "value", direction: asDirection(direction), name, value }),
  ],
];

/** Takes a line apart. What it does not understand, or could not write again as it was, is kept as text. */
export const readLine = (body: string, from: number, end: string): SpyLine => {
  const place = { from, to: from + body.length, end };
  if (body.length < 3 || body.length > longestLine) return { kind: "text", text: body, ...place };
  for (const [pattern, make] of readers) {
    const match = pattern.exec(body);
    const part = match && make(match);
    if (!part) continue;
    if (bodyOf(part) === body) return { ...part, ...place } as SpyLine;
  }
  return { kind: "text", text: body, ...place };
};
