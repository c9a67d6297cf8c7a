import type { RecordBytes } from "./dialect.ts";
import { dumpHead, readRow } from "./opensc-debug-body.ts";
import { emptyPrefix, maxLine, readPrefix } from "./opensc-debug-prefix.ts";

interface Place {
  from: number;
  to: number;
  /** "\n", "\r\n" or nothing. */
  end: string;
}

/** A line of a record, its text as Latin-1. */
export type DebugLine = Place &
  (
    | { kind: "message"; head: string; file: string; line: string; function: string; body: string; lane: string }
    | { kind: "dump"; isCommand: boolean; count: number; text: string }
    | { kind: "row"; isCommand: boolean; bytes: number[]; pad: string; letters: string; masked: string }
    | { kind: "text"; text: string }
  );

/** Takes a record apart into lines. Those behind left-out bytes have their places in the whole record. */
export const readRecord = ({ bytes, left }: RecordBytes): DebugLine[] => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!left) return linesOf(all, 0);
  return [...linesOf(all.subarray(0, left.at), 0), ...linesOf(all.subarray(left.at), left.at + left.count)];
};

const linesOf = (bytes: Buffer, offset: number): DebugLine[] => {
  const lines: DebugLine[] = [];
  let dump = { isCommand: false, left: 0 };
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, at);
    const next = newline < 0 ? bytes.length : newline + 1;
    const stop = newline < 0 ? bytes.length : newline;
    const to = stop > at && bytes[stop - 1] === 0x0d ? stop - 1 : stop;
    const place: Place = {
      from: offset + at,
      to: offset + to,
      end: next === to ? "" : next - to === 1 ? "\n" : "\r\n",
    };
    const line = lineOf(bytes, at, to, dump, place);
    if (line.kind === "dump") dump = { isCommand: line.isCommand, left: line.count };
    else if (line.kind === "row") dump.left -= line.bytes.length;
    else if (line.kind === "message") dump = { isCommand: false, left: 0 };
    lines.push(line);
    at = next;
  }
  return lines;
};

const prefix = emptyPrefix();

const lineOf = (
  bytes: Buffer,
  at: number,
  to: number,
  dump: { isCommand: boolean; left: number },
  place: Place,
): DebugLine => {
  if (at === to) return { ...place, kind: "text", text: "" };
  const word = (from: number, end: number) => bytes.toString("latin1", from, end);
  if (readPrefix(bytes, at, Math.min(to, at + maxLine), prefix)) {
    const { fileFrom, fileTo, functionFrom, functionTo, bodyFrom } = prefix;
    return {
      ...place,
      kind: "message",
      head: word(at, fileFrom),
      file: word(fileFrom, fileTo),
      line: fileTo > fileFrom ? word(fileTo + 1, functionFrom - 1) : "",
      function: word(functionFrom, functionTo),
      // With the colon and colours in front of it.
      body: word(functionTo > functionFrom ? functionTo : bodyFrom, to),
      lane: word(prefix.laneFrom, prefix.laneTo),
    };
  }
  const isHead = (bytes[at] === 0x4f || bytes[at] === 0x49) && to - at <= 120;
  const head = isHead ? dumpHead.exec(word(at, to)) : null;
  if (head)
    return {
      ...place,
      kind: "dump",
      isCommand: head[1] === "Outgoing",
      count: Number(head[2] ?? head[3]),
      text: word(at, to),
    };
  const row = dump.left > 0 ? readRow(bytes, at, to, dump.left) : null;
  if (!row) return { ...place, kind: "text", text: word(at, to) };
  const after = at + row.length * 3;
  const rest = word(after, to);
  const pad = /^ */.exec(row.length < 16 && rest.length > row.length ? rest : "")?.[0] ?? "";
  const blanks = rest.length - row.length === pad.length || pad.length < rest.length - row.length ? pad : "";
  const hex = word(at, after);
  const masked = hex.includes("*") || /[a-f]/.test(hex) ? hex : "";
  return {
    ...place,
    kind: "row",
    isCommand: dump.isCommand,
    bytes: row,
    pad: blanks,
    letters: rest.slice(blanks.length),
    masked,
  };
};

/** Writes a line as OpenSC would. Latin-1. */
export const writeLine = (line: DebugLine): string => {
  switch (line.kind) {
    case "message": {
      const place = line.file === "" ? "" : `${line.file}:${line.line}:${line.function}`;
      return `${line.head}${place}${line.body}${line.end}`;
    }
    case "row": {
      const hex = line.bytes.map((byte) => `${byte.toString(16).padStart(2, "0").toUpperCase()} `).join("");
      return `${line.masked || hex}${line.pad}${line.letters}${line.end}`;
    }
    default:
      return `${line.text}${line.end}`;
  }
};

/** A message without the colon, blank and colours around it. */
export const messageText = (body: string): string =>
  Buffer.from(body, "latin1").toString("utf8").replace(/^: ?/, "").replace(ansi, "");

const ansi = /\x1b\[[0-9;]*m/g;
