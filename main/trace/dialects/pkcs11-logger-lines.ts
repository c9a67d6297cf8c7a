/**
 * Lines of PKCS11-LOGGER (github.com/Pkcs11Interop/pkcs11-logger, src/log.c). Each has process and thread in front,
 * if they are not switched off: "0x0000424d : 0x00007f5fc580d840 : ".
 */

/** Texts of a token or a person end within so many bytes, with what must follow them. */
export const textReach = 1200;

const prefixPattern = /^(?:0x[0-9a-f]{8,16} : ){0,2}/;

/** What stands in front of a line; "" if both numbers are switched off. */
export const prefixOf = (text: string): string => prefixPattern.exec(text)?.[0] ?? "";

/** A lane in which one call is open at a time: process and thread are known. */
export const isExact = (prefix: string): boolean => prefix.split(" : ").length === 3;

/** Texts that are written as they are ("%.32s"): their widths, and what comes next. */
const fixedTexts: ReadonlyMap<string, { width: number; next: RegExp }> = new Map([
  ["  label: ", { width: 32, next: /^ {2}manufacturerID: / }],
  ["  manufacturerID: ", { width: 32, next: /^ {2}(?:flags|model): / }],
  ["  model: ", { width: 16, next: /^ {2}serialNumber: / }],
  ["  serialNumber: ", { width: 16, next: /^ {2}flags: / }],
  ["  slotDescription: ", { width: 64, next: /^ {2}manufacturerID: / }],
  ["  libraryDescription: ", { width: 32, next: /^ {2}libraryVersion:/ }],
  ["  utcTime: ", { width: 16, next: /^(?:\S+ \S+ - )?Returning / }],
  [" *pLabel: ", { width: 32, next: /^(?:\S+ \S+ - Calling |Returning )/ }],
]);

/** PINs, and the line that tells their length. */
const pinTexts: ReadonlyMap<string, string> = new Map([
  [" *pPin: ", " ulPinLen: "],
  [" *pOldPin: ", " ulOldLen: "],
  [" *pNewPin: ", " ulNewLen: "],
]);

const keyPattern = /^ {1,2}\*?[A-Za-z]+: /;

/** @returns the name in front of a text from outside, if a line has one. */
const textKey = (rest: string): string | null => {
  const key = keyPattern.exec(rest)?.[0];
  return key !== undefined && (fixedTexts.has(key) || pinTexts.has(key)) ? key : null;
};

/** Whether a line holds a text of the token or a PIN. */
export const hasText = (bytes: Buffer, at: number): boolean => {
  const head = bytes.toString("latin1", at, at + 80);
  return textKey(head.slice(prefixOf(head).length)) !== null;
};

/**
 * Where a line ends that holds a text of the token or a PIN: it may hold line ends, even lines that look like the log's
 * own. The last end that its width and what follows allow counts.
 * @returns the place of the newline; -1: the line is one like others.
 */
export const textEnd = (bytes: Buffer, at: number): number => {
  const head = bytes.toString("latin1", at, at + 80);
  const prefix = prefixOf(head);
  const key = textKey(head.slice(prefix.length));
  if (key === null) return -1;
  const from = at + prefix.length + key.length;
  const area = bytes.toString("latin1", from, from + textReach);
  const follows = (place: number): string | null =>
    area.startsWith(prefix, place + 1) ? area.slice(place + 1 + prefix.length) : null;
  const lengthKey = pinTexts.get(key);
  if (lengthKey !== undefined) {
    for (let place = area.indexOf("\n"); place >= 0; place = area.indexOf("\n", place + 1)) {
      const next = follows(place);
      if (next?.startsWith(lengthKey) && Number(/^\d{1,6}/.exec(next.slice(lengthKey.length))?.[0]) === place)
        return from + place;
    }
    return -1;
  }
  const { width, next } = fixedTexts.get(key) ?? { width: 0, next: /^$/ };
  for (
    let place = area.lastIndexOf("\n", width + 1);
    place >= 0;
    place = place > 0 ? area.lastIndexOf("\n", place - 1) : -1
  ) {
    const after = follows(place);
    if (after !== null && next.test(after)) return from + place;
  }
  // Filled up with blanks it has its full width; a line of another thread may come next.
  const full = area[width] === "\r" ? width + 1 : width;
  return area[full] === "\n" ? from + full : -1;
};

/** A line of a record; its text is Latin-1. */
export interface LoggerLine {
  from: number;
  to: number;
  prefix: string;
  indent: string;
  /** "*pPin", "slotID", "pSlotList[0]"; "" for lines without a value. */
  name: string;
  joint: string;
  /** All behind the name; of a line without a value, all of it. */
  value: string;
  end: string;
}

const valuePattern = /^( {1,3})(\*?\w+(?:\[\d+\])?)(: ?)([\s\S]*)$/;

/** Takes bytes apart into lines. @param offset where they stand in the record */
export const linesOf = (bytes: Buffer, offset: number): LoggerLine[] => {
  const lines: LoggerLine[] = [];
  for (let at = 0; at < bytes.length; ) {
    const text = textEnd(bytes, at);
    const found = text < 0 ? bytes.indexOf(0x0a, at) : text;
    const next = found < 0 ? bytes.length : found + 1;
    const stop = found < 0 ? bytes.length : found;
    const to = stop > at && bytes[stop - 1] === 0x0d ? stop - 1 : stop;
    const whole = bytes.toString("latin1", at, to);
    const prefix = prefixOf(whole);
    const rest = whole.slice(prefix.length);
    const [, indent = "", name = "", joint = "", value = rest] = valuePattern.exec(rest) ?? [];
    const end = bytes.toString("latin1", to, next);
    lines.push({ from: offset + at, to: offset + to, prefix, indent, name, joint, value, end });
    at = next;
  }
  return lines;
};

/** Writes a line as the logger does. Latin-1. */
export const writeLine = ({ prefix, indent, name, joint, value, end }: LoggerLine): string =>
  `${prefix}${indent}${name}${joint}${value}${end}`;

/** Where the value of a line begins in the record. */
export const valueAt = ({ to, value }: LoggerLine): number => to - value.length;
