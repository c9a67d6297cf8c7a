import { foldHandle } from "../index/columns.ts";
import { isReturned, readQuoted, standsAt } from "./opensc-spy-lines.ts";

const newline = 0x0a;
const carriage = 0x0d;
const sessionWord = Buffer.from("[in] hSession = 0x");
const compatWord = Buffer.from("[compat]");

/** What a pass over the lines behind a header found. */
interface Body {
  /** Where the "Returned:" line begins; -1: something else comes first; -2: more bytes are needed. */
  at: number;
  /** A text of the token has a newline in it. */
  untrusted: boolean;
}

/**
 * Looks for the end of a record that no other overlaps, in one pass. This is where the time of indexing goes.
 * @param from behind the header. @param quoted whether texts of a token are to be expected.
 */
export const findReturned = (bytes: Buffer, from: number, quoted: boolean): Body => {
  let untrusted = false;
  const { length } = bytes;
  // Stands on a newline each turn.
  let i = from - 1;
  for (;;) {
    const first = bytes[i + 1];
    if (first === 0x52 && isReturned(bytes, i + 1)) return { at: i + 1, untrusted };
    if (first === newline || first === carriage) return { at: i + 1 < length ? -1 : -2, untrusted };
    i++;
    if (quoted && first === 0x20) {
      const text = readQuoted(bytes, i);
      if (text === "more") return { at: -2, untrusted };
      if (text) {
        for (let j = text.from; j < text.to && !untrusted; j++) untrusted = bytes[j] === newline;
        i = text.end;
      }
    } else if (first === 0x20 && isFullRow(bytes, i)) i += 79;
    while (i < length && bytes[i] !== newline) i++;
    if (i + 12 >= length) return { at: -2, untrusted };
  }
};

/** A full row of a dump, 16 bytes: its length is known. */
const isFullRow = (bytes: Buffer, at: number): boolean =>
  (bytes[at + 4] ?? 0) >= 0x30 &&
  (bytes[at + 4] ?? 0) <= 0x39 &&
  bytes[at + 12] === 0x20 &&
  bytes[at + 13] === 0x20 &&
  bytes[at + 61] === 0x20 &&
  bytes[at + 62] === 0x20 &&
  bytes[at + 79] === newline;

/** The session handle in the line "[in] hSession = 0x1" at a place, folded; 0 if it is another line. */
export const sessionAt = (bytes: Buffer, at: number): number => {
  let from = at;
  if (bytes[from + 1] === compatWord[1]) {
    if (!standsAt(bytes, from, compatWord)) return 0;
    from += compatWord.length + (bytes[from + compatWord.length] === carriage ? 2 : 1);
  }
  if (!standsAt(bytes, from, sessionWord)) return 0;
  let value = 0;
  for (let i = from + sessionWord.length; i < from + sessionWord.length + 16; i++) {
    const digit = bytes[i] ?? 0;
    if (digit >= 0x30 && digit <= 0x39) value = value * 16 + digit - 0x30;
    else if (digit >= 0x61 && digit <= 0x66) value = value * 16 + digit - 0x57;
    else break;
  }
  return foldHandle(value);
};
