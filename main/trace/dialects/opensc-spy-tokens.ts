/**
 * The lines of a record, each taken apart by what it is and written again from its parts. Text is Latin-1: one letter a
 * byte, so that places in it are places in the file. libpkcs11shim, which was made from OpenSC's spy, writes the same
 * lines with some other marks and two blanks more in front.
 */
export type SpyLine = { from: number; to: number; end: string } & (
  | { kind: "header"; head: string; number: string; joint: string; name: string }
  | { kind: "stamp"; process: string | null; thread: string | null; time: string }
  /** libpkcs11shim: "[pid] 12", "[tic] 2026-11-24 19:30:31.019750" ... */
  | { kind: "mark"; tag: string; value: string }
  | { kind: "returned"; head: string; number: string; name: string }
  | { kind: "number"; direction: Direction; name: string; value: bigint; raw: string }
  | { kind: "value"; pad: string; direction: Direction; name: string; joint: string; value: string }
  | { kind: "buffer"; direction: Direction; name: string; pointer: string; length: number; size: string | null }
  | { kind: "block"; direction: Direction; name: string; count: string | null; tail: string }
  | { kind: "attribute"; indent: string; name: string; pad: string; value: string }
  | { kind: "row"; indent: string; offset: number; bytes: number[]; masked: boolean }
  | { kind: "words"; indent: string; bytes: number[]; tail: string }
  | { kind: "letters"; indent: string; text: string }
  | { kind: "entry"; pad: string; key: string; gap: string; value: string }
  | { kind: "quoted"; pad: string; key: string; gap: string; value: string }
  | { kind: "text"; text: string }
);
/** As written between brackets. */
export type Direction = "in" | "in " | "out" | "";
type Fresh<T> = T extends unknown ? Omit<T, "from" | "to" | "end"> : never;
type Part = Fresh<SpyLine>;

const directed = (direction: Direction): string => (direction === "" ? "" : `[${direction}] `);
const hexOf = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, "0");
const isShown = (byte: number): boolean => byte >= 0x20 && byte < 0x80;

/** A row of a dump since 0.13: offset, 16 bytes, their letters. */
const rowText = (indent: string, offset: number, bytes: readonly number[], masked: boolean): string => {
  const hex = bytes.map((byte) => (masked ? "** " : `${hexOf(byte)} `)).join("");
  const letters = bytes.map((byte) => (masked ? "*" : isShown(byte) ? String.fromCharCode(byte) : ".")).join("");
  return `${indent}${offset.toString(16).toUpperCase().padStart(8, "0")}  ${hex.padEnd(48)} ${letters.padEnd(16)}`;
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
  line.kind === "row" ? rowText(line.indent, line.offset, line.bytes, true) : bodyOf(line).replace(/[^ ]/g, "*");

/** Writes a line as the spy does. */
export const writeLine = (line: SpyLine): string => bodyOf(line) + line.end;

const bodyOf = (line: Part): string => {
  switch (line.kind) {
    case "header":
      return `${line.head}${line.number}${line.joint}${line.name}`;
    case "stamp":
      return line.process === null ? line.time : `P:${line.process}; T:${line.thread} ${line.time}`;
    case "mark":
      return `[${line.tag}] ${line.value}`;
    case "returned":
      return `${line.head}${line.number} ${line.name}`;
    case "number":
      return `${directed(line.direction)}${line.name} = 0x${line.value.toString(16)}`;
    case "value":
      return `${line.pad}${directed(line.direction)}${line.name}${line.joint}${line.value}`;
    case "buffer":
      return `${directed(line.direction)}${line.name}${line.name === "" ? "" : " "}${line.size === null ? `${line.pointer} / ${line.length}` : `${line.pointer}[size : 0x${line.size} (${line.length})]`}`;
    case "block":
      return `${directed(line.direction)}${line.name}${line.count === null ? "" : `[${line.count}]`}: ${line.tail}`;
    case "attribute":
      return `${line.indent}${line.name}${line.pad}${line.value}`;
    case "row":
      return rowText(line.indent, line.offset, line.bytes, line.masked);
    case "words":
      return wordsText(line.indent, line.bytes, line.tail);
    case "letters":
      return `${line.indent}${line.text}`;
    case "entry":
      return `${line.pad}${line.key}:${line.gap}${line.value}`;
    case "quoted":
      return `${line.pad}${line.key}${line.key === "" ? "" : ":"}${line.gap}'${line.value}'`;
    case "text":
      return line.text;
  }
};

const bytesIn = (hex: string): number[] => (hex.match(/[0-9A-F]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16));
const asDirection = (text: string | undefined): Direction =>
  text === "in" || text === "in " || text === "out" ? text : "";

/** No line of the spy is longer; expressions are not let loose on what is. */
export const longestLine = 4096;

type Reader = [RegExp, (match: RegExpExecArray) => Part | null];

/** What lines look like, in the order in which they are tried. */
const readers: Reader[] = [
  [
    /^(Returned: {2}|\[ret\] )(-?\d+) (\S.*)$/,
    ([, head = "", number = "", name = ""]) => ({ kind: "returned", head, number, name }),
  ],
  [/^\[(pid|ppd|tid|tic|toc|lap|lib)\] (.*)$/, ([, tag = "", value = ""]) => ({ kind: "mark", tag, value })],
  [
    /^(?:P:(\d+); T:(\S+) )?(\d+-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})$/,
    ([, process, thread, time = ""]) => ({ kind: "stamp", process: process ?? null, thread: thread ?? null, time }),
  ],
  [
    /^()(\d+)(: )(C_\w+|SetOperationState)$|^(\[cnt\] )(\d+)( - )(C_\w+|SetOperationState)$/,
    ([, spy, ...parts]) => {
      const [head = "", number = "", joint = "", name = ""] = spy === undefined ? parts.slice(3) : [spy, ...parts];
      return { kind: "header", head, number, joint, name };
    },
  ],
  [
    /^( {4}| {6})([0-9A-F]{8}) {2}((?:[0-9A-F]{2} )*) *.*$/,
    ([, indent = "", offset = "", hex = ""]) => ({
      kind: "row",
      indent,
      offset: Number.parseInt(offset, 16),
      bytes: bytesIn(hex),
      masked: false,
    }),
  ],
  [
    /^( {4}| {6})([0-9A-F]{8}) {2}((?:\*\* )+) *.*$/,
    ([, indent = "", offset = "", stars = ""]) => ({
      kind: "row",
      indent,
      offset: Number.parseInt(offset, 16),
      bytes: new Array<number>(stars.length / 3).fill(0x2a),
      masked: true,
    }),
  ],
  [
    /^( {4}| {6}|)((?:[0-9A-F]{8} )*[0-9A-F]{2,8})( ?)$/,
    ([, indent = "", hex = "", tail = ""]) => ({ kind: "words", indent, bytes: bytesIn(hex), tail }),
  ],
  [
    /^( {4}| {6}(?=CKA_))(CK[A-Z]*_(?:\? \(0x[0-9a-fA-F]+\)|\w+(?:\(NSS\))?))( +)(.*)$/,
    ([, indent = "", name = "", pad = "", value = ""]) => ({ kind: "attribute", indent, name, pad, value }),
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
  [
    /^( {6})()((?:pMechanism->[\w>-]+|pApplication|Notify))(=)(.*)$|^()\[(in |in)\] (pMechanism->[\w>-]+)(=)(.*)$/,
    (match) => {
      const [pad, direction, name = "", joint = "", value = ""] =
        match[3] === undefined ? match.slice(6) : match.slice(1);
      return { kind: "value", pad: pad ?? "", direction: asDirection(direction), name, joint, value };
    },
  ],
  // Lines with words of their own, which look like rows of letters.
  [
    /^ {6,}(?:Slot -?\d+|Count is \d+|Object 0x[0-9a-f]+ matches|CK[FM]_\w+ *(?: : min:.*)?)$/,
    ([text]) => ({ kind: "text", text }),
  ],
  [
    /^( {6}|)()([0-9a-f]{16}|[0-9a-f]{8}) \/ (\d+)$/,
    ([, , , pointer = "", length]) => ({
      kind: "buffer",
      direction: "",
      name: "",
      pointer,
      length: Number(length),
      size: null,
    }),
  ],
  [
    /^( {6})((?: [\s\S]){1,4}(?: {2}[\s\S](?: [\s\S]){0,3}){0,7})$/,
    ([, indent = "", text = ""]) => ({ kind: "letters", indent, text }),
  ],
  // Each letter has a blank in front.
  [/^( {4})( (?!.*[^ ][^ ]).*)$/, ([, indent = "", text = ""]) => ({ kind: "letters", indent, text })],
  [
    /^(?:\[(in|in |out)\] )?([*\w>-]+) = 0x([0-9a-f]{1,16})$/,
    ([, direction, name = "", raw = ""]) => ({
      kind: "number",
      direction: asDirection(direction),
      name,
      value: BigInt(`0x${raw}`),
      raw,
    }),
  ],
  [
    /^(?:\[(in|in |out)\] )?([*\w>-]+(?:\[[*\w>-]+\])?) ([0-9a-fA-F]{8,16}) \/ (-?\d+)$/,
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
    /^(?:\[(in|in |out)\] )?([*\w>-]+(?:\[[*\w>-]+\])?) (NULL |)\[size : 0x([0-9a-fA-F]+) \((-?\d+)\)\]$/,
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
    /^(?:\[(in|in |out)\] )?([*\w>-]+)(?:\[(\d+)\])?: (.*)$/,
    ([, direction, name = "", count, tail = ""]) =>
      direction || count !== undefined || name === "pInfo"
        ? { kind: "block", direction: asDirection(direction), name, count: count ?? null, tail }
        : null,
  ],
  [
    /^(?:\[(in|in |out)\] )?([*\w>-]+(?:\[[*\w>-]+\])?) = (.*)$/,
    ([, direction, name = "", value = ""]) => ({
      kind: "value",
      pad: "",
      direction: asDirection(direction),
      name,
      joint: " = ",
      value,
    }),
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
