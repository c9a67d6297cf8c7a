import { foldHandle } from "../index/columns.ts";
import { type WideBytes, wideWord } from "../index/wide-bytes.ts";
import { isDigit } from "./letters.ts";
import { isReturned, readQuoted } from "./opensc-spy-lines.ts";

const newline = 0x0a;
const carriage = 0x0d;
const sessionWord = wideWord(Buffer.from("[in] hSession = 0x"));
const compatWord = wideWord(Buffer.from("[compat]"));

/** What a pass over the lines behind a header found besides the end of the record. */
export interface BodyNotes {
  /** A text of the token has a newline in it. */
  untrusted: boolean;
}

/**
 * Looks for the end of a record that no other overlaps, in one pass. This is where the time of indexing goes.
 * @param from behind the header. @param quoted whether texts of a token are to be expected.
 * @param notes are filled in
 * @returns where the "Returned:" line begins; -1: something else comes first; -2: more bytes are needed.
 */
export const findReturned = (
  bytes: Buffer,
  wide: WideBytes,
  from: number,
  quoted: boolean,
  notes: BodyNotes,
): number => {
  notes.untrusted = false;
  const { length } = bytes;
  // At the start of a line each turn.
  let at = from;
  while (at + 12 < length) {
    const first = bytes[at];
    if (first === 0x52 && isReturned(bytes, at)) return at;
    if (first === newline || first === carriage) return -1;
    if (first === 0x20) {
      const text = quoted ? readQuoted(bytes, at) : null;
      if (text === "more") return -2;
      if (text) {
        notes.untrusted ||= wide.newline(text.from) < text.to;
        at = text.end;
      } else if (isFullRow(bytes, at)) at += fullRow - 1;
    }
    at = wide.newline(at) + 1;
  }
  return -2;
};

/** Bytes in a line of a dump that has 16 of them, with its newline. */
const fullRow = 80;

/** A full row of a dump: its length is known. */
const isFullRow = (bytes: Buffer, at: number): boolean =>
  at + fullRow <= bytes.length &&
  bytes[at + fullRow - 1] === newline &&
  isDigit(bytes[at + 4]) &&
  bytes[at + 12] === 0x20 &&
  bytes[at + 13] === 0x20 &&
  bytes[at + 61] === 0x20 &&
  bytes[at + 62] === 0x20;

/** The session handle in the line "[in] hSession = 0x1" at a place, folded; 0 if it is another line. */
export const sessionAt = (bytes: Buffer, wide: WideBytes, at: number): number => {
  let from = at;
  if (bytes[from + 1] === 0x63) {
    if (!wide.has(from, compatWord)) return 0;
    from += compatWord.length + (bytes[from + compatWord.length] === carriage ? 2 : 1);
  }
  if (!wide.has(from, sessionWord)) return 0;
  let value = 0;
  for (let i = from + sessionWord.length; i < from + sessionWord.length + 16; i++) {
    const digit = bytes[i] ?? 0;
    if (digit >= 0x30 && digit <= 0x39) value = value * 16 + digit - 0x30;
    else if (digit >= 0x61 && digit <= 0x66) value = value * 16 + digit - 0x57;
    else break;
  }
  return foldHandle(value);
};
