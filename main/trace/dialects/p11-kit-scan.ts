import { foldHandle } from "../index/columns.ts";
import { markBit } from "../index/flags.ts";
import { firstLine, leftFrom, type ScanEnd, type ScanInput, type Scanner } from "./dialect.ts";
import { kindOf, maxLine, quotedEnd, quotedReach } from "./p11-kit-lines.ts";

const newline = 0x0a;
/** So many calls may be open at a time; more are a forgery or a log with missing lines. */
const maxOpen = 256;
/** Behind the range, its calls are waited for over so many bytes. */
const patience = 8 * 1024 * 1024;
const sessionWord = "  IN: hSession = S";

interface KitCall {
  /** -1: of another range. */
  slot: number;
  name: number;
  offset: number;
}

/**
 * Scans p11-kit's log of calls. The end of a call names its function, so that calls of several threads are told apart as
 * long as they are of different functions; two open calls of one function are ambiguous.
 */
export class P11KitScanner implements Scanner {
  done = false;
  strayBytes = 0;
  readonly lost = 0;
  readonly #input: ScanInput;
  #open: KitCall[] = [];
  #started = false;
  #synced: boolean;
  #inLine = false;
  /** The call whose first argument may follow. */
  #fresh = -1;
  #next: number | null = null;
  #read = 0;
  #left = 0;

  constructor(input: ScanInput) {
    this.#input = input;
    this.#synced = input.from === 0 || input.exact;
  }

  scan(chunk: Uint8Array, offset: number, last: boolean): number {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const start = !this.#started && offset > 0 && !this.#input.exact ? firstLine(bytes) : 0;
    this.#started = true;
    let at = this.#lines(bytes, start, offset, false);
    if (last && !this.done) at = leftFrom(at, bytes.length, offset, Math.min(...this.#open.map((call) => call.offset)));
    this.#left = offset + at;
    return at;
  }

  finish(rest: Uint8Array, offset: number): ScanEnd {
    const bytes = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength);
    const from = this.#read - offset;
    if (!this.done && from >= 0 && from < rest.length) this.#lines(bytes, from, offset, true);
    const isCut = this.#inLine || (rest.length > 0 && rest[rest.length - 1] !== newline);
    const open: ScanEnd["open"] = [];
    const { columns } = this.#input;
    for (const call of this.#open) {
      // What was left although nothing is left over is scanned again when the log has grown.
      if (call.slot < 0 || (rest.length === 0 && !this.done && call.offset >= this.#left)) continue;
      if (this.done) this.#mark(call.slot, markBit["no-return"]);
      else open.push({ key: call.offset, slot: call.slot });
      columns.setLength(call.slot, Math.max(columns.length[call.slot] ?? 0, this.#read - call.offset));
      if (isCut) this.#mark(call.slot, markBit.broken);
    }
    return { next: this.#next, open, closing: [] };
  }

  #mark(slot: number, bits: number): void {
    if (slot >= 0) this.#input.columns.mark(slot, bits);
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
      const isText = bytes[at] === 0x09 && this.#open.length > 0;
      if (isText && !final && bytes.length - at < quotedReach) break;
      const quoted = isText ? quotedEnd(bytes, at) : -1;
      const found = quoted < 0 ? bytes.indexOf(newline, at) : quoted;
      const isLong = found < 0 && bytes.length - at >= maxLine;
      if (found < 0 && !isLong && !final) break;
      const end = Math.min(found < 0 ? bytes.length : found, at + maxLine);
      const next = found < 0 ? bytes.length : found + 1;
      if (quoted >= 0 && bytes.subarray(at, quoted).includes(newline))
        for (const { slot } of this.#open) this.#mark(slot, markBit["untrusted-text"]);
      if (!this.#line(bytes, at, end, next, offset)) break;
      this.#inLine = isLong && !final;
      at = next;
    }
    this.#read = offset + at;
    return at;
  }

  /** @returns false if nothing is to be done any more from this line on. */
  #line(bytes: Buffer, at: number, end: number, next: number, offset: number): boolean {
    const kind = kindOf(bytes, at, end);
    const fresh = this.#fresh;
    this.#fresh = -1;
    if (kind === "header") return this.#begin(bytes, at, end, offset);
    if (kind === "returned") this.#end(bytes, at, end, next, offset);
    else if (this.#open.length === 0) this.#stray(offset + at, next - at);
    else if (kind === "in" && fresh >= 0) this.#session(bytes, at, end, fresh);
    return true;
  }

  #stray(position: number, count: number): void {
    if (this.#synced && position >= this.#input.from && position < this.#input.to) this.strayBytes += count;
  }

  #begin(bytes: Buffer, at: number, end: number, offset: number): boolean {
    const { columns, names, from, to } = this.#input;
    const position = offset + at;
    if (position >= to) {
      this.#next ??= position;
      this.done = !this.#open.some(({ slot }) => slot >= 0) || position > to + patience;
      if (this.done) return false;
    }
    this.#synced = true;
    const name = names.idOfBytes(bytes, at, bytes[end - 1] === 0x0d ? end - 1 : end);
    const slot = position >= from && position < to ? columns.add(position) : -1;
    if (slot >= 0) {
      columns.name[slot] = name;
      columns.length[slot] = end - at;
      this.#fresh = slot;
    }
    let isAlone = true;
    for (const call of this.#open) {
      if (call.name !== name) continue;
      isAlone = false;
      this.#mark(call.slot, markBit.ambiguous);
    }
    if (!isAlone) this.#mark(slot, markBit.ambiguous);
    this.#open.push({ slot, name, offset: position });
    if (this.#open.length > maxOpen) {
      const lost = this.#open.shift();
      if (lost) this.#mark(lost.slot, markBit["no-return"]);
    }
    return true;
  }

  #end(bytes: Buffer, at: number, end: number, next: number, offset: number): void {
    const { columns, names, returnCodes } = this.#input;
    const equals = bytes.indexOf(0x20, at);
    const name = names.idOfBytes(bytes, at, equals);
    const place = this.#open.findIndex((call) => call.name === name);
    const [call] = place < 0 ? [] : this.#open.splice(place, 1);
    if (!call) {
      this.#stray(offset + at, next - at);
      return;
    }
    if (call.slot < 0) return;
    const to = bytes[end - 1] === 0x0d ? end - 1 : end;
    const rv = bytes.toString("latin1", equals + 3, Math.min(to, equals + 80));
    const number = /^CKR_0x([0-9A-F]{1,16})$/.exec(rv)?.[1];
    columns.rv[call.slot] = returnCodes.id(number ? `0x${Number.parseInt(number, 16).toString(16)}` : rv);
    columns.setLength(call.slot, offset + next - call.offset);
  }

  #session(bytes: Buffer, at: number, end: number, slot: number): void {
    const text = bytes.toString("latin1", at, Math.min(end, at + 48));
    if (!text.startsWith(sessionWord)) return;
    this.#input.columns.session[slot] = foldHandle(Number(/^\d+/.exec(text.slice(sessionWord.length))?.[0] ?? "0"));
  }
}
