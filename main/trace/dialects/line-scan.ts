import { markBit } from "../index/flags.ts";
import { firstLine, leftFrom, type ScanEnd, type ScanInput, type Scanner } from "./dialect.ts";

const newline = 0x0a;
/** So much of a line is looked at by a scanner. */
export const maxLine = 4096;
/** Behind the range, its calls are waited for over so many bytes. */
const patience = 8 * 1024 * 1024;

/** A call that has begun and not come back yet. */
export interface OpenCall {
  /** Its slot; -1: of another range. */
  slot: number;
  offset: number;
}

/** What scanners of logs have in common that are read line by line. */
export abstract class LineScanner implements Scanner {
  done = false;
  strayBytes = 0;
  readonly lost = 0;
  protected readonly input: ScanInput;
  /** Whether a record has begun, so that what belongs to none is known for stray. */
  protected synced: boolean;
  #started = false;
  #inLine = false;
  #next: number | null = null;
  #read = 0;
  #left = 0;

  constructor(input: ScanInput) {
    this.input = input;
    this.synced = input.from === 0 || input.exact;
  }

  /** Calls that have not come back. */
  protected abstract open(): readonly OpenCall[];

  /**
   * Reads one line. @param end its end, without the newline @param next behind
   *   it; both at most {@link maxLine} bytes on
   * @returns false if nothing is to be done any more from this line on.
   */
  protected abstract line(bytes: Buffer, at: number, end: number, next: number, offset: number): boolean;

  /** @returns where a line ends that holds a text of the token; -1: it is a line like others; -2: more bytes are needed. */
  protected abstract textEnd(bytes: Buffer, at: number, final: boolean): number;

  scan(chunk: Uint8Array, offset: number, last: boolean): number {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const start = !this.#started && offset > 0 && !this.input.exact ? firstLine(bytes) : 0;
    this.#started = true;
    let at = this.#lines(bytes, start, offset, false);
    if (last && !this.done)
      at = leftFrom(at, bytes.length, offset, Math.min(...this.open().map((call) => call.offset)));
    this.#left = offset + at;
    return at;
  }

  finish(rest: Uint8Array, offset: number): ScanEnd {
    const bytes = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength);
    const from = this.#read - offset;
    if (!this.done && from >= 0 && from < rest.length) this.#lines(bytes, from, offset, true);
    const isCut = this.#inLine || (rest.length > 0 && rest[rest.length - 1] !== newline);
    const open: ScanEnd["open"] = [];
    const { columns } = this.input;
    for (const call of this.open()) {
      // What was left although nothing is left over is scanned again when the log has grown.
      if (call.slot < 0 || (rest.length === 0 && !this.done && call.offset >= this.#left)) continue;
      if (this.done) this.mark(call.slot, markBit["no-return"]);
      else open.push({ key: call.offset, slot: call.slot });
      columns.setLength(call.slot, Math.max(columns.length[call.slot] ?? 0, this.#read - call.offset));
      if (isCut) this.mark(call.slot, markBit.broken);
    }
    return { next: this.#next, open, closing: [] };
  }

  #lines(bytes: Buffer, start: number, offset: number, final: boolean): number {
    let at = start;
    while (!this.done && at < bytes.length) {
      if (this.#inLine) {
        const end = bytes.indexOf(newline, at);
        this.#inLine = end < 0;
        at = end < 0 ? bytes.length : end + 1;
        continue;
      }
      const text = this.open().length > 0 ? this.textEnd(bytes, at, final) : -1;
      if (text === -2) break;
      const found = text < 0 ? bytes.indexOf(newline, at) : text;
      const isLong = found < 0 && bytes.length - at >= maxLine;
      if (found < 0 && !isLong && !final) break;
      const end = Math.min(found < 0 ? bytes.length : found, at + maxLine);
      const next = found < 0 ? bytes.length : found + 1;
      if (text >= 0 && bytes.subarray(at, text).includes(newline))
        for (const { slot } of this.open()) this.mark(slot, markBit["untrusted-text"]);
      // A longer line is not followed to its end: where that is may be known only later.
      if (!this.line(bytes, at, end, found < 0 || found > end ? end : next, offset)) break;
      this.#inLine = isLong && !final;
      at = next;
    }
    this.#read = offset + at;
    return at;
  }

  protected mark(slot: number, bits: number): void {
    if (slot >= 0) this.input.columns.mark(slot, bits);
  }

  protected isOwn(position: number): boolean {
    return position >= this.input.from && position < this.input.to;
  }

  protected stray(position: number, count: number): void {
    if (this.synced && this.isOwn(position)) this.strayBytes += count;
  }

  /** Whether nothing is to be done any more once a record begins here. */
  protected isBehind(position: number): boolean {
    if (position < this.input.to) return false;
    this.#next ??= position;
    this.done = !this.open().some(({ slot }) => slot >= 0) || position > this.input.to + patience;
    return this.done;
  }
}
