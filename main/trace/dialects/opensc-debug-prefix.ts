import { isDigit, isWord } from "./letters.ts";

/** What stands in front of a message; places are bytes of the buffer it was read from. */
export interface DebugPrefix {
  /** "P:1; T:0x2" or the thread alone; empty on old Windows versions. */
  laneFrom: number;
  laneTo: number;
  /** Microseconds: since the epoch if the log has days, else since midnight. */
  time: number;
  appFrom: number;
  appTo: number;
  /** File, line and function may be missing: all three empty then. */
  fileFrom: number;
  fileTo: number;
  functionFrom: number;
  functionTo: number;
  /** The message itself. */
  bodyFrom: number;
}

export const emptyPrefix = (): DebugPrefix => ({
  laneFrom: 0,
  laneTo: 0,
  time: Number.NaN,
  appFrom: 0,
  appTo: 0,
  fileFrom: 0,
  fileTo: 0,
  functionFrom: 0,
  functionTo: 0,
  bodyFrom: 0,
});

const space = 0x20;
const colon = 0x3a;

/** So much of a line is looked at; the rest of a longer one is passed over. */
export const maxLine = 4096;

/** The longest name of a program, file or function that is believed. */
const maxName = 256;

/**
 * Reads the prefix that sc_log writes (libopensc/log.c), in any of its four generations, without making strings.
 * @param to end of the line.
 * @returns false if there is none at `at`.
 */
export const readPrefix = (bytes: Uint8Array, at: number, to: number, into: DebugPrefix): boolean => {
  let i = afterColour(bytes, at, to);
  into.laneFrom = i;
  into.laneTo = i;
  if (bytes[i] === 0x50 && bytes[i + 1] === colon) {
    i = digits(bytes, i + 2, to);
    if (bytes[i] !== 0x3b || bytes[i + 1] !== space || bytes[i + 2] !== 0x54 || bytes[i + 3] !== colon) return false;
    i += 4;
    while (i < to && isWord(bytes[i] ?? 0)) i++;
    into.laneTo = i++;
  } else if (bytes[i] === 0x30 && bytes[i + 1] === 0x78) {
    i += 2;
    while (i < to && isWord(bytes[i] ?? 0)) i++;
    into.laneTo = i++;
  }
  if (bytes[i - 1] !== space && i !== into.laneFrom) return false;
  const dayMicroseconds = bytes[i + 4] === 0x2d ? dayAt(bytes, i) : 0;
  if (Number.isNaN(dayMicroseconds)) return false;
  if (bytes[i + 4] === 0x2d) i += 11;
  const time = timeAt(bytes, i);
  if (Number.isNaN(time)) return false;
  into.time = dayMicroseconds + time;
  i += 12;
  if (bytes[i] !== space || bytes[i + 1] !== 0x5b) return false;
  into.appFrom = i + 2;
  i = bytes.indexOf(0x5d, into.appFrom);
  if (i < 0 || i >= to || i - into.appFrom > maxName) return false;
  into.appTo = i;
  if (bytes[i + 1] !== space && i + 1 < to) return false;
  i = afterColour(bytes, Math.min(i + 2, to), to);
  readPlace(bytes, i, to, into);
  return true;
};

/** "file:line:function: ", if it is there. */
const readPlace = (bytes: Uint8Array, at: number, to: number, into: DebugPrefix): void => {
  into.fileFrom = at;
  into.fileTo = at;
  into.functionFrom = at;
  into.functionTo = at;
  into.bodyFrom = at;
  let i = at;
  while (i < to && bytes[i] !== colon && bytes[i] !== space && i - at < maxName) i++;
  if (bytes[i] !== colon || i === at || !isDigit(bytes[i + 1])) return;
  const fileTo = i;
  i = digits(bytes, i + 1, to);
  if (bytes[i] !== colon) return;
  const functionFrom = i + 1;
  i = functionFrom;
  while (i < to && isWord(bytes[i] ?? 0) && i - functionFrom < maxName) i++;
  if (bytes[i] !== colon || i === functionFrom) return;
  // Trailing blanks are lost in text that was pasted.
  if (i + 1 < to && bytes[i + 1] !== space) return;
  into.fileTo = fileTo;
  into.functionFrom = functionFrom;
  into.functionTo = i;
  into.bodyFrom = afterColour(bytes, Math.min(i + 2, to), to);
};

/** Behind "ESC[31m": the log is coloured where stderr is a terminal. */
const afterColour = (bytes: Uint8Array, at: number, to: number): number => {
  let i = at;
  while (bytes[i] === 0x1b && bytes[i + 1] === 0x5b) {
    let end = i + 2;
    while (end < to && end < i + 16 && (isDigit(bytes[end]) || bytes[end] === 0x3b)) end++;
    if (bytes[end] !== 0x6d) return i;
    i = end + 1;
  }
  return i;
};

const digits = (bytes: Uint8Array, at: number, to: number): number => {
  let i = at;
  while (i < to && isDigit(bytes[i])) i++;
  return i;
};

/** A number of exactly so many digits; NaN if they are none. */
const numberAt = (bytes: Uint8Array, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** "HH:MM:SS.mmm" in microseconds. */
const timeAt = (bytes: Uint8Array, at: number): number => {
  if (bytes[at + 2] !== colon || bytes[at + 5] !== colon || bytes[at + 8] !== 0x2e) return Number.NaN;
  const seconds = numberAt(bytes, at, 2) * 3600 + numberAt(bytes, at + 3, 2) * 60 + numberAt(bytes, at + 6, 2);
  return (seconds * 1000 + numberAt(bytes, at + 9, 3)) * 1000;
};

let lastDay = -1;
let lastDayTime = 0;
/** "YYYY-MM-DD " at its local midnight, microseconds since the epoch. */
const dayAt = (bytes: Uint8Array, at: number): number => {
  if (bytes[at + 7] !== 0x2d || bytes[at + 10] !== space) return Number.NaN;
  const [year, month, day] = [numberAt(bytes, at, 4), numberAt(bytes, at + 5, 2), numberAt(bytes, at + 8, 2)];
  const key = year * 10000 + month * 100 + day;
  if (key !== lastDay && !Number.isNaN(key)) {
    lastDay = key;
    lastDayTime = new Date(year, month - 1, day).getTime() * 1000;
  }
  return Number.isNaN(key) ? Number.NaN : lastDayTime;
};
