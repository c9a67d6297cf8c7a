import { foldHandle } from "../index/columns.ts";
import { kindNumber, markBit } from "../index/flags.ts";
import { type OpenCall, type ScanEnd, type ScanInput, type Scanner, tailLimit } from "./dialect.ts";
import { isDigit } from "./letters.ts";
import { announced, outputBuffers } from "./output-buffers.ts";

/** So many open calls are remembered in a range; more are a forgery. */
const maxOpen = 65536;

const quote = 0x22;
const newline = 0x0a;

/**
 * Scans our own JSON Lines. The spy's fixed order of keys lets it read the leading values in place, without a JSON
 * parser: `{"s":n,"t":n,"d":n,"T":n,["v":"3.0",]"f":"C_X",["h":n,]["r":"CKR_X",]...`.
 */
export class TokenglassScanner implements Scanner {
  done = false;
  strayBytes = 0;
  lost = 0;
  readonly #input: ScanInput;
  readonly #open = new Map<number, number>();
  readonly #closing: OpenCall[] = [];
  readonly #mayBlock: boolean[] = [];
  readonly #buffers: Buffer[][] = [];
  readonly #ok: number;
  /** Slot and length so far of a line that is longer than the tail limit. */
  #long: { slot: number; length: number } | null = null;
  #synced: boolean;

  constructor(input: ScanInput) {
    this.#input = input;
    this.#synced = input.from === 0 || input.exact;
    this.#ok = input.returnCodes.id("CKR_OK");
  }

  scan(chunk: Uint8Array, offset: number): number {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    if (!this.#synced) {
      const end = buffer.indexOf(newline);
      if (end < 0) return chunk.length;
      at = end + 1;
      this.#synced = true;
    }
    while (!this.done) {
      const start = this.#long ? offset : offset + at;
      if (!this.#long && start >= this.#input.to) {
        this.done = true;
        break;
      }
      const end = buffer.indexOf(newline, at);
      if (end < 0) {
        if (chunk.length - at <= tailLimit) break;
        if (!this.#long) this.#long = { slot: this.#broken(offset + at), length: 0 };
        this.#long.length += chunk.length - at;
        return chunk.length;
      }
      if (this.#long) {
        this.#input.columns.setLength(this.#long.slot, this.#long.length + end + 1 - at);
        this.#long = null;
      } else this.#line(buffer, at, end, offset + at);
      at = end + 1;
    }
    return at;
  }

  finish(rest: Uint8Array, offset: number): ScanEnd {
    if (this.#long) this.#input.columns.setLength(this.#long.slot, this.#long.length + rest.length);
    else if (this.#synced && !this.done && rest.length > 0) this.#broken(offset, rest.length);
    return {
      next: null,
      open: [...this.#open].map(([key, slot]) => ({ key, slot })),
      closing: this.#closing,
    };
  }

  #broken(offset: number, length = 0): number {
    // The columns may be made anew by add(): looked up behind it.
    const slot = this.#input.columns.add(offset);
    this.#input.columns.length[slot] = length;
    this.#input.columns.flags[slot] = markBit.broken;
    this.#input.columns.kind[slot] = kindNumber.note;
    return slot;
  }

  #line(bytes: Buffer, from: number, to: number, offset: number): void {
    const length = to + 1 - from;
    if (length <= 2) {
      this.strayBytes += length;
      return;
    }
    const first = bytes[from + 2];
    const isCall = first === 0x73;
    const isBegin = first === 0x62;
    if (bytes[from] === 0x7b && bytes[from + 1] === quote && bytes[from + 3] === quote && bytes[from + 4] === 0x3a) {
      if (isCall || isBegin) {
        this.#call(bytes, from, to, offset, isBegin);
        return;
      }
      if (first === 0x6b) {
        this.#other(bytes, from, to, offset);
        return;
      }
    }
    this.#broken(offset, length);
  }

  #call(bytes: Buffer, from: number, to: number, offset: number, isBegin: boolean): void {
    const { columns, names, returnCodes, lanes } = this.#input;
    let at = from + 5;
    let number = 0;
    for (let c = bytes[at] ?? 0; c >= 0x30 && c <= 0x39; c = bytes[++at] ?? 0) number = number * 10 + c - 0x30;
    let time = Number.NaN;
    let duration = Number.NaN;
    let lane = 0;
    let name = 0;
    let session = 0;
    let rv = isBegin ? 0 : this.#ok;
    let flags = 0;
    // Each turn: `,"K":` with a key of one letter; anything else ends what is needed for the index.
    while (bytes[at] === 0x2c && bytes[at + 1] === quote && bytes[at + 3] === quote && bytes[at + 4] === 0x3a) {
      const key = bytes[at + 2];
      at += 5;
      if (key === 0x69 || key === 0x6f) break;
      const start = at;
      if (bytes[at] === quote) {
        const end = bytes.indexOf(quote, at + 1);
        if (end < 0 || end > to) break;
        if (key === 0x66) name = names.idOfBytes(bytes, at + 1, end);
        else if (key === 0x72) rv = returnCodes.idOfBytes(bytes, at + 1, end);
        else if (key === 0x76) flags |= markBit["other-interface"];
        else if (key === 0x68)
          session = foldHandle(Number(bytes.toString("latin1", at + 1, Math.min(end, at + 20))) || 0);
        at = end + 1;
        continue;
      }
      if (key === 0x74) {
        // ns of 19 digits do not fit into a double: whole microseconds and a fraction do.
        let whole = 0;
        let digits = at;
        while (isDigit(bytes[digits])) digits++;
        for (; at < digits - 3; at++) whole = whole * 10 + (bytes[at] ?? 0) - 0x30;
        let rest = 0;
        for (; at < digits; at++) rest = rest * 10 + (bytes[at] ?? 0) - 0x30;
        time = whole + rest / 1000;
        continue;
      }
      let value = 0;
      for (let c = bytes[at] ?? 0; c >= 0x30 && c <= 0x39; c = bytes[++at] ?? 0) value = value * 10 + c - 0x30;
      if (at === start) break;
      if (key === 0x64) duration = value;
      else if (key === 0x54) lane = lanes.idOfBytes(bytes, start, at);
      else if (key === 0x68) session = foldHandle(value);
    }
    const last = bytes[to - 1] === 0x0d ? to - 1 : to;
    if (bytes[last - 1] !== 0x7d || name === 0) flags |= markBit.broken;
    if (!isBegin && hasCut(bytes, last)) flags |= markBit.cut;
    if (isBegin) flags |= markBit["begin-only"];
    else if (this.#asksForLength(name, bytes, at, last)) flags |= markBit["size-question"];

    const opened = isBegin ? undefined : this.#open.get(number);
    // A begin line's row becomes the row of its call.
    const slot = opened ?? columns.add(offset);
    if (opened !== undefined) this.#open.delete(number);
    columns.offset[slot] = offset;
    columns.length[slot] = to + 1 - from;
    columns.time[slot] = time;
    columns.duration[slot] = duration;
    columns.name[slot] = name;
    columns.rv[slot] = rv;
    columns.lane[slot] = lane;
    columns.session[slot] = session;
    columns.flags[slot] = flags;
    if (isBegin && this.#open.size < maxOpen) this.#open.set(number, slot);
    if (!isBegin && opened === undefined && this.#closing.length < maxOpen && this.#blocks(name))
      this.#closing.push({ key: number, slot });
  }

  /** Whether the buffer that the call would fill is NULL: `"pSignature":null` in its arguments. */
  #asksForLength(name: number, bytes: Buffer, from: number, to: number): boolean {
    this.#buffers[name] ??= (outputBuffers.get(this.#input.names.words[name] ?? "") ?? []).map((buffer) =>
      Buffer.from(`"${buffer}":null`),
    );
    for (const needle of this.#buffers[name] ?? [])
      for (let at = from; at + needle.length < to; at++) {
        // The third letter tells these names apart sooner than the quote that every key begins with.
        if (bytes[at + 2] !== needle[2] || bytes[at] !== quote) continue;
        let same = 1;
        while (same < needle.length && bytes[at + same] === needle[same]) same++;
        if (same === needle.length) return true;
      }
    return false;
  }

  #blocks(name: number): boolean {
    this.#mayBlock[name] ??= announced.has(this.#input.names.words[name] ?? "");
    return this.#mayBlock[name] ?? false;
  }

  #other(bytes: Buffer, from: number, to: number, offset: number): void {
    const { columns, names } = this.#input;
    const slot = columns.add(offset);
    columns.length[slot] = to + 1 - from;
    columns.kind[slot] = kindNumber.note;
    const end = bytes.indexOf(quote, from + 6);
    columns.name[slot] = names.idOfBytes(bytes, from + 6, end > to || end < 0 ? from + 6 : end);
    const text = bytes.toString("latin1", from, Math.min(to, from + 200));
    const time = /"t":(\d{4,})/.exec(text)?.[1];
    if (time) columns.time[slot] = Number(time.slice(0, -3)) + Number(time.slice(-3)) / 1000;
    if (text.startsWith('{"k":"lost"')) this.lost += Number(/"n":(\d{1,12})/.exec(text)?.[1] ?? 0);
    if (bytes[to - 1] !== 0x7d && !(bytes[to - 1] === 0x0d && bytes[to - 2] === 0x7d))
      columns.flags[slot] = markBit.broken;
  }
}

/** `,"cut":123}` at the end of the line. */
const hasCut = (bytes: Buffer, to: number): boolean => {
  let at = to - 2;
  while (isDigit(bytes[at])) at--;
  return bytes[at] === 0x3a && bytes[at - 1] === quote && bytes[at - 2] === 0x74 && bytes[at - 5] === quote;
};
