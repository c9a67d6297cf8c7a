import { brokenLine, type RecordBytes } from "./dialect.ts";
import { hasQuotes, readQuoted } from "./opensc-spy-lines.ts";
import { readLine, type SpyLine } from "./opensc-spy-tokens.ts";

/** A record as lines; those behind left-out bytes have their places in the whole record. */
export interface SpyRecord {
  lines: SpyLine[];
  /** Another record begins inside this one, or more than one ends: what belongs to which is not known. */
  mixed: boolean;
  /** Bytes are left out between the lines. */
  gap: { from: number; to: number } | null;
}

/** 0.23 forgets the newline between these two lines. */
const glued = /^(\[in\] type = \S+ *)(\[out\] pInfo: )$/;

/** Every version forgets it in texts over 32 bytes: letters of one row, then the bytes of the next. */
const gluedRows = /^((?: {4}| {6})(?:(?: [\s\S]){4} ){7}(?: [\s\S]){4})([0-9A-F]{2}[0-9A-F ]*)$/;

/** Takes a record apart into lines. */
export const readRecord = ({ bytes, left }: RecordBytes): SpyRecord => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = left?.at ?? all.length;
  let lines = linesOf(all.subarray(0, cut), 0);
  let gap: SpyRecord["gap"] = null;
  if (left) {
    // The pieces of lines at both sides of the gap are taken for a part of it.
    const { from, to } = brokenLine(all, left);
    const after = Math.min(to + 1, all.length);
    while (lines.length > 0 && (lines[lines.length - 1]?.from ?? 0) >= from) lines.pop();
    gap = { from, to: after + left.count };
    lines = lines.concat(linesOf(all.subarray(after), after + left.count));
  }
  const mixed =
    lines.filter(({ kind }) => kind === "header").length > 1 ||
    lines.filter(({ kind }) => kind === "returned").length > 1;
  return { lines, mixed, gap };
};

const linesOf = (bytes: Buffer, offset: number): SpyLine[] => {
  const text = bytes.toString("latin1");
  const lines: SpyLine[] = [];
  let quotes = false;
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    if (quotes && text[at] === " ") {
      const quoted = readQuoted(bytes, at);
      if (quoted && quoted !== "more") end = text.indexOf("\n", quoted.end);
      if (end < 0) end = text.length;
    }
    const isCarriage = text[end - 1] === "\r" && end > at;
    const body = text.slice(at, isCarriage ? end - 1 : end);
    const close = `${isCarriage ? "\r" : ""}${end < text.length ? "\n" : ""}`;
    const joint = body.length < 200 ? (glued.exec(body) ?? gluedRows.exec(body)) : null;
    if (joint) {
      const [, first = "", second = ""] = joint;
      lines.push(readLine(first, offset + at, ""), readLine(second, offset + at + first.length, close));
    } else lines.push(readLine(body, offset + at, close));
    const line = lines[lines.length - 1];
    if (line?.kind === "header") quotes = hasQuotes(line.name);
    at = end + 1;
  }
  return lines;
};
