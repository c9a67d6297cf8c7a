import { isWord } from "./letters.ts";

/** Texts of a token end within so many bytes, with what must follow them. */
export const quotedReach = 800;

/** The longest line that is believed to end a call. */
const maxReturn = 200;

const newline = 0x0a;

/** Texts of fixed width that p11-kit writes as they are, in quotes (log.c): their widths, and what follows each. */
const fixedTexts: ReadonlyMap<string, { width: number; next: readonly string[] }> = new Map([
  ["slotDescription", { width: 64, next: ["manufacturerID"] }],
  ["manufacturerID", { width: 32, next: ["flags", "model"] }],
  ["label", { width: 32, next: ["manufacturerID"] }],
  ["model", { width: 16, next: ["serialNumber"] }],
  ["serialNumber", { width: 16, next: ["flags"] }],
  ["libraryDescription", { width: 32, next: ["libraryVersion"] }],
]);

/**
 * Where a line with a text of the token ends: such a text may hold line ends, even lines that look like the log's own.
 * The last end that its width allows counts.
 * @returns the place of the newline that ends the line; -1: it is a line like others.
 */
export const quotedEnd = (bytes: Buffer, at: number): number => {
  if (bytes[at] !== 0x09) return -1;
  const head = bytes.toString("latin1", at + 1, at + 24);
  const [, key = ""] = /^(\w+): /.exec(head) ?? [];
  const from = at + key.length + 4;
  if (key === "utcTime") {
    // Not ended by a NUL: what stands behind it in memory may follow.
    const end = bytes.subarray(at, at + quotedReach).indexOf("\n      }\n");
    return end < 0 ? -1 : at + end;
  }
  const text = fixedTexts.get(key);
  if (!text || bytes[from - 1] !== 0x22) return -1;
  const area = bytes.toString("latin1", from, from + text.width + 24);
  let best = -1;
  for (const next of text.next)
    for (const end of ["\n", "\r\n"]) {
      const found = area.lastIndexOf(`"${end}\t${next}: `);
      if (found >= 0 && found <= text.width) best = Math.max(best, from + found + end.length);
    }
  return best;
};

export type LineKind = "header" | "returned" | "in" | "out" | "more";

/** What a line is, by its first bytes. @param to its end, without the newline */
export const kindOf = (bytes: Buffer, at: number, to: number): LineKind => {
  const first = bytes[at];
  if (first === 0x43 && bytes[at + 1] === 0x5f) {
    let i = at + 2;
    while (i < to && i < at + 64 && isWord(bytes[i] ?? 0)) i++;
    if (i === at + 2) return "more";
    if (i === to || (i === to - 1 && bytes[i] === 0x0d)) return "header";
    return to - at <= maxReturn && bytes.toString("latin1", i, i + 7) === " = CKR_" ? "returned" : "more";
  }
  if (first !== 0x20) return "more";
  const mark = bytes.toString("latin1", at, at + 6);
  return mark === "  IN: " ? "in" : mark === " OUT: " ? "out" : "more";
};

/** A line of a record; its text is Latin-1, without its end. */
export interface KitLine {
  kind: LineKind;
  from: number;
  to: number;
  /** Of header and return: the function; of an argument: its name; of a member of a structure: its name. */
  name: string;
  /** What stands behind the name. */
  value: string;
  /** All that is neither. */
  head: string;
  joint: string;
  end: string;
}

const forms: Record<LineKind, RegExp> = {
  header: /^()(C_\w+)()()$/,
  returned: /^()(C_\w+)( = )(CKR_\w+\s*)$/,
  in: /^( {2}IN: )([^ =]+)( = )(.*)$/s,
  out: /^( OUT: )([^ =]+)( = )(.*)$/s,
  more: /^(\t)(\w+)(: )(.*)$/s,
};

/** Takes bytes apart into lines. @param offset where they stand in the record */
export const linesOf = (bytes: Buffer, offset: number): KitLine[] => {
  const lines: KitLine[] = [];
  for (let at = 0; at < bytes.length; ) {
    const quoted = quotedEnd(bytes, at);
    const found = quoted < 0 ? bytes.indexOf(newline, at) : quoted;
    const next = found < 0 ? bytes.length : found + 1;
    const stop = found < 0 ? bytes.length : found;
    const to = stop > at && bytes[stop - 1] === 0x0d ? stop - 1 : stop;
    const kind = kindOf(bytes, at, to);
    const text = bytes.toString("latin1", at, to);
    const [, head = text, name = "", joint = "", value = ""] = forms[kind].exec(text) ?? [];
    lines.push({
      kind,
      from: offset + at,
      to: offset + to,
      head,
      name,
      joint,
      value,
      end: bytes.toString("latin1", to, next),
    });
    at = next;
  }
  return lines;
};

/** Writes a line as p11-kit would. Latin-1. */
export const writeLine = ({ head, name, joint, value, end }: KitLine): string => `${head}${name}${joint}${value}${end}`;

/** Where the value of a line begins in the record. */
export const valueAt = ({ from, head, name, joint }: KitLine): number =>
  from + head.length + name.length + joint.length;
