/**
 * The lines of OpenSC's pkcs11-spy on which records hang, read in place: bytes are looked at, no strings are made.
 * Written after OpenSC's src/pkcs11/pkcs11-spy.c, 0.12 to 0.27.
 */

import type { WideBytes } from "../index/wide-bytes.ts";
import { isDigit, isWord } from "./letters.ts";

/** The two lines with which a record begins: "12: C_Sign", then (since 0.13) the time, with process and thread since 0.24. */
export interface Header {
  number: number;
  nameFrom: number;
  nameTo: number;
  /** "P:1; T:0x2"; empty if it is not there. */
  laneFrom: number;
  laneTo: number;
  /** us since the epoch, by this computer's zone; NaN: none. */
  time: number;
  /** Behind the last of the two lines. */
  end: number;
}

export const emptyHeader = (): Header => ({
  number: 0,
  nameFrom: 0,
  nameTo: 0,
  laneFrom: 0,
  laneTo: 0,
  time: Number.NaN,
  end: 0,
});

export type Found = "yes" | "no" | "more";

const newline = 0x0a;
const digit = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0x30) - 0x30;
const two = (bytes: Uint8Array, at: number): number => digit(bytes, at) * 10 + digit(bytes, at + 1);

/** The one function that the spy writes without its prefix, in every version. */
const odd = Buffer.from("SetOperationState");

/** @returns whether a word stands at a place. */
export const standsAt = (bytes: Uint8Array, at: number, word: Uint8Array): boolean => {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
  return true;
};

/** Reads times; remembers the hour, because turning a day of the local zone into a number is slow. */
export class Clock {
  #key = -1;
  #hour = 0;

  /** @param rest milliseconds behind the full hour. @returns us since the epoch. */
  microseconds(year: number, month: number, day: number, hour: number, rest: number): number {
    const key = ((year * 128 + month) * 128 + day) * 128 + hour;
    if (key !== this.#key) {
      this.#key = key;
      this.#hour = new Date(year, month - 1, day, hour).getTime();
    }
    return (this.#hour + rest) * 1000;
  }
}

/**
 * Reads a header that begins at `at`, the start of a line.
 * @param last no bytes come after these: a line that is not there will not come.
 * @param wide the same bytes, to find the end of the name quickly: whoever gives them looks whether it is a word.
 */
export const readHeader = (
  bytes: Buffer,
  at: number,
  header: Header,
  clock: Clock,
  last: boolean,
  wide: WideBytes | null = null,
): Found => {
  let i = at;
  let number = 0;
  for (let c = bytes[i] ?? 0; c >= 0x30 && c <= 0x39; c = bytes[++i] ?? 0) number = number * 10 + c - 0x30;
  if (i === at || i > at + 10) return "no";
  if (i + 40 >= bytes.length && !last) return "more";
  if (bytes[i] !== 0x3a || bytes[i + 1] !== 0x20) return "no";
  i += 2;
  const nameFrom = i;
  if (!(bytes[i] === 0x43 && bytes[i + 1] === 0x5f) && !standsAt(bytes, i, odd)) return "no";
  if (wide) {
    i = wide.newline(i);
    if (i > nameFrom + 65) return "no";
    if (bytes[i - 1] === 0x0d) i--;
  } else while (i < nameFrom + 64 && isWord(bytes[i] ?? 0)) i++;
  const nameTo = i;
  if (i >= bytes.length) return last ? "no" : "more";
  if (bytes[i] === 0x0d) i++;
  if (bytes[i] !== newline) return "no";
  i++;
  // The longest time line has 20 digits of thread and 10 of process.
  if (i + 80 >= bytes.length && !last && bytes.indexOf(newline, i) < 0) return "more";
  header.number = number;
  header.nameFrom = nameFrom;
  header.nameTo = nameTo;
  header.time = Number.NaN;
  header.laneFrom = header.laneTo = i;
  header.end = i;
  readStamp(bytes, i, header, clock);
  return "yes";
};

/** Time line: [P:pid; T:tid ]YYYY-MM-DD HH:MM:SS.mmm. The year is not padded on Windows. Leaves the header as it is if there is none. */
const readStamp = (bytes: Buffer, at: number, header: Header, clock: Clock): void => {
  let i = at;
  let laneTo = at;
  if (bytes[i] === 0x50 && bytes[i + 1] === 0x3a) {
    const limit = i + 64;
    while (i < limit && bytes[i] !== 0x54 && bytes[i] !== newline) i++;
    while (i < limit && bytes[i] !== 0x20 && bytes[i] !== newline) i++;
    if (bytes[i] !== 0x20) return;
    laneTo = i++;
  }
  let year = 0;
  for (const first = i; isDigit(bytes[i]) && i < first + 6; i++) year = year * 10 + digit(bytes, i);
  // "-MM-DD HH:MM:SS.mmm": from here on everything has its place.
  if (
    year === 0 ||
    bytes[i] !== 0x2d ||
    bytes[i + 3] !== 0x2d ||
    bytes[i + 6] !== 0x20 ||
    bytes[i + 9] !== 0x3a ||
    bytes[i + 12] !== 0x3a ||
    bytes[i + 15] !== 0x2e
  )
    return;
  const minute = two(bytes, i + 10);
  const second = two(bytes, i + 13);
  const milliseconds = two(bytes, i + 16) * 10 + digit(bytes, i + 18);
  const time = clock.microseconds(
    year,
    two(bytes, i + 1),
    two(bytes, i + 4),
    two(bytes, i + 7),
    minute * 60_000 + second * 1000 + milliseconds,
  );
  i += 19;
  if (bytes[i] === 0x0d) i++;
  if (bytes[i] !== newline && i < bytes.length) return;
  header.time = time;
  header.laneTo = laneTo;
  header.end = Math.min(i + 1, bytes.length);
};

/** "Returned:  160 CKR_PIN_INCORRECT". */
export interface Returned {
  /** As the log has it; negative on Windows for a vendor's codes. */
  number: number;
  nameFrom: number;
  nameTo: number;
  /** Behind the line. */
  end: number;
  /** The line is as the spy writes it. */
  whole: boolean;
}

export const emptyReturned = (): Returned => ({ number: 0, nameFrom: 0, nameTo: 0, end: 0, whole: false });

/** Length of "Returned: ". */
const wordLength = 10;

/** @returns whether "Returned: " stands at a place. The spy writes two blanks; web pages make one of them. */
export const isReturned = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x52 &&
  bytes[at + 1] === 0x65 &&
  bytes[at + 2] === 0x74 &&
  bytes[at + 3] === 0x75 &&
  bytes[at + 4] === 0x72 &&
  bytes[at + 5] === 0x6e &&
  bytes[at + 6] === 0x65 &&
  bytes[at + 7] === 0x64 &&
  bytes[at + 8] === 0x3a &&
  bytes[at + 9] === 0x20;

/** Reads the line that begins with "Returned: " at a place. @returns false if its end is not in the bytes. */
export const readReturned = (bytes: Uint8Array, at: number, returned: Returned): boolean => {
  let i = at + wordLength + (bytes[at + wordLength] === 0x20 ? 1 : 0);
  const negative = bytes[i] === 0x2d;
  if (negative) i++;
  const first = i;
  let value = 0;
  for (let c = bytes[i] ?? 0; c >= 0x30 && c <= 0x39 && i < first + 20; c = bytes[++i] ?? 0)
    value = value * 10 + c - 0x30;
  const hasNumber = i > first && bytes[i] === 0x20;
  if (hasNumber) i++;
  const nameFrom = i;
  while (isWord(bytes[i] ?? 0)) i++;
  const wordTo = i;
  while (i < bytes.length && bytes[i] !== newline) i++;
  if (i >= bytes.length) return false;
  const nameTo = bytes[i - 1] === 0x0d ? i - 1 : i;
  returned.number = negative ? -value : value;
  returned.nameFrom = nameFrom;
  returned.nameTo = nameTo;
  returned.end = i + 1;
  // CKR_..., a hexadecimal number, or "(null)" of old versions.
  const isName =
    wordTo === nameTo || (bytes[nameFrom] === 0x28 && bytes[nameTo - 1] === 0x29 && nameTo - nameFrom === 6);
  returned.whole = hasNumber && nameTo > nameFrom && nameTo - nameFrom < 80 && isName;
  return true;
};

/** Fixed widths of the texts of a token, '%32.32s' in the source: what stands inside cannot end them. */
const widths = Object.entries({
  label: 32,
  manufacturerID: 32,
  model: 16,
  serialNumber: 16,
  time: 16,
  slotDescription: 32,
  libraryDescription: 32,
}).map(([key, width]) => ({ key: Buffer.from(key), width }));
const firstLetters = Uint8Array.from({ length: 256 }, (_, byte) => (widths.some(({ key }) => key[0] === byte) ? 1 : 0));

/** @returns the width of the text with a name; 0 if there is none. */
const widthOf = (bytes: Uint8Array, from: number, to: number): number => {
  for (const { key, width } of widths) if (key.length === to - from && standsAt(bytes, from, key)) return width;
  return 0;
};
const quote = 0x27;

/** The value of a line of an info structure that is a text from the token. */
export interface Quoted {
  from: number;
  to: number;
  /** Behind the closing quote. */
  end: number;
}

/**
 * Reads `      label:                  '...'` (or a second row of 32 bytes) at the start of a line.
 * @returns null if it is no such line; "more" if its end is not in the bytes.
 */
export const readQuoted = (bytes: Buffer, at: number): Quoted | null | "more" => {
  let i = at;
  while (bytes[i] === 0x20) i++;
  if (i < at + 4) return null;
  const keyFrom = i;
  // Most lines of these records are numbers: they are done with here.
  if (isWord(bytes[i] ?? 0) && !firstLetters[bytes[i] ?? 0]) return null;
  while (i < keyFrom + 24 && isWord(bytes[i] ?? 0)) i++;
  const keyTo = i;
  if (keyTo > keyFrom) {
    if (i >= bytes.length) return "more";
    if (bytes[i] !== 0x3a) return null;
    i++;
    while (bytes[i] === 0x20) i++;
  } else if (keyFrom - at < 12) return null;
  if (i >= bytes.length) return "more";
  if (bytes[i] !== quote) return null;
  const width = keyTo > keyFrom ? widthOf(bytes, keyFrom, keyTo) : 32;
  if (width === 0) return null;
  const from = i + 1;
  // Text mode of Windows makes two bytes of each newline inside.
  for (let count = 0, j = from; j <= from + 2 * width; j++) {
    if (j + 1 >= bytes.length) return "more";
    if (count === width && bytes[j] === quote && (bytes[j + 1] === newline || bytes[j + 1] === 0x0d))
      return { from, to: j, end: j + 1 };
    if (!(bytes[j] === 0x0d && bytes[j + 1] === newline)) count++;
    if (count > width) break;
  }
  // Widths may differ in a version that is not known: then a quote that ends a line ends the text.
  for (let j = from; j < from + 80; j++) {
    if (j + 1 >= bytes.length) return "more";
    if (bytes[j] === quote && (bytes[j + 1] === newline || bytes[j + 1] === 0x0d)) return { from, to: j, end: j + 1 };
  }
  return null;
};

/** CK_RV has 32 bits on Windows, where it is printed with a sign. */
export const unsigned = (value: number): number => (value < 0 ? value + 0x100000000 : value);

/** Functions whose records hold texts of a token. */
export const hasQuotes = (name: string): boolean => /^C_Get(Info|SlotInfo|TokenInfo|InterfaceList)$/.test(name);
