import { markBit } from "../index/flags.ts";
import { firstLine, leftFrom, type ScanEnd, type ScanInput, type Scanner } from "./dialect.ts";
import { emptyPrefix, maxLine, readPrefix } from "./opensc-debug-prefix.ts";
import { DebugRows } from "./opensc-debug-rows.ts";

const newline = 0x0a;
/** An answer, or the end of a call, is waited for over so many bytes behind the range. */
const patience = 1024 * 1024;

/**
 * Scans OPENSC_DEBUG: one record a message, with the lines without a prefix that follow it; a command to the card and
 * its answer are one record, which reaches over the messages between them. A message of a PKCS#11 function begins a call.
 */
export class OpenscDebugScanner implements Scanner {
  done = false;
  strayBytes = 0;
  readonly lost = 0;
  readonly #input: ScanInput;
  readonly #prefix = emptyPrefix();
  readonly #rows: DebugRows;
  #started = false;
  #inLine = false;
  #next: number | null = null;
  /** Where the bytes end that have been read. */
  #read = 0;
  /** Where the bytes begin that the last scan left. */
  #left = 0;

  constructor(input: ScanInput) {
    this.#input = input;
    this.#rows = new DebugRows(input);
  }

  scan(chunk: Uint8Array, offset: number, last: boolean): number {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const start = !this.#started && offset > 0 && !this.#input.exact ? firstLine(bytes) : 0;
    this.#started = true;
    let at = this.#lines(bytes, start, offset, false);
    if (last && !this.done) {
      const waiting = [...this.#rows.lanes.values()].flatMap(({ apdu }) => (apdu && apdu.slot >= 0 ? apdu.offset : []));
      if (this.#rows.dump || at < bytes.length) waiting.push(this.#rows.currentFrom);
      for (const begun of waiting) at = leftFrom(at, bytes.length, offset, begun);
    }
    this.#left = offset + at;
    return at;
  }

  finish(rest: Uint8Array, offset: number): ScanEnd {
    const bytes = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength);
    const from = this.#read - offset;
    if (rest.length > 0 && from >= 0 && from < rest.length) {
      this.#lines(bytes, from, offset, true);
      if (bytes[bytes.length - 1] !== newline && this.#rows.current >= 0)
        this.#input.columns.mark(this.#rows.current, markBit.broken);
    }
    this.#rows.endMessage(this.#read);
    const open: ScanEnd["open"] = [];
    for (const { apdu } of this.#rows.lanes.values()) {
      if (!apdu || apdu.slot < 0) continue;
      if (this.done) this.#input.columns.mark(apdu.slot, markBit["no-return"]);
      // What was left although nothing is left over is scanned again when the log has grown.
      else if (rest.length > 0 || apdu.offset < this.#left) open.push({ key: apdu.offset, slot: apdu.slot });
    }
    return { next: this.#next, open, closing: [] };
  }

  /** Reads whole lines. @param final the last line needs no end. @returns where it stopped. */
  #lines(bytes: Buffer, start: number, offset: number, final: boolean): number {
    let at = start;
    while (!this.done && at < bytes.length) {
      const found = bytes.indexOf(newline, at);
      if (this.#inLine) {
        this.#inLine = found < 0;
        at = found < 0 ? bytes.length : found + 1;
        continue;
      }
      const isLong = found < 0 && bytes.length - at >= maxLine;
      if (found < 0 && !isLong && !final) break;
      const end = Math.min(found < 0 ? bytes.length : found, at + maxLine);
      const next = found < 0 ? bytes.length : found + 1;
      // The line behind a prefix without a message tells what it is.
      if (!final && found >= 0 && next + 64 > bytes.length && bytes.indexOf(newline, next) < 0) {
        if (readPrefix(bytes, at, end, this.#prefix) && isEmpty(bytes, this.#prefix.bodyFrom, end)) break;
      }
      this.#line(bytes, at, end, next, offset);
      if (this.done) break;
      this.#inLine = isLong;
      at = next;
    }
    this.#read = offset + at;
    return at;
  }

  #line(bytes: Buffer, at: number, end: number, next: number, offset: number): void {
    const prefix = this.#prefix;
    if (readPrefix(bytes, at, end, prefix)) {
      this.#rows.endMessage(offset + at);
      if (this.#isBehind(offset + at)) return;
      this.#rows.message(bytes, at, end, next, offset, prefix);
    } else if (this.#rows.dump) this.#rows.row(bytes, at, end, offset + next);
    else if (this.#rows.currentFrom < 0 && this.#rows.isOwn(offset + at)) this.strayBytes += next - at;
  }

  /** Whether nothing is to be done any more once a message begins here. */
  #isBehind(position: number): boolean {
    if (position < this.#input.to) return false;
    this.#next ??= position;
    this.done = this.#rows.waiting <= 0 || position > this.#input.to + patience;
    return this.done;
  }
}

/** Whether a message has no text in the prefix's own line. */
const isEmpty = (bytes: Buffer, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if ((bytes[i] ?? 0) > 0x20) return false;
  return true;
};
