import { kindNumber, markBit } from "../index/flags.ts";
import { WideBytes } from "../index/wide-bytes.ts";
import { firstLine, leftFrom, type ScanEnd, type ScanInput, type Scanner, tailLimit } from "./dialect.ts";
import { areWord } from "./letters.ts";
import { type BodyNotes, findReturned, sessionAt } from "./opensc-spy-body.ts";
import { type SpyCall, SpyCalls } from "./opensc-spy-calls.ts";
import {
  Clock,
  emptyHeader,
  emptyReturned,
  hasQuotes,
  isReturned,
  readHeader,
  readQuoted,
  readReturned,
  standsAt,
  unsigned,
} from "./opensc-spy-lines.ts";

const newline = 0x0a;
const carriage = 0x0d;
export const bannerWord = Buffer.from("*************** OpenSC PKCS#11 spy *****************");
/** Behind the range, calls of it are waited for over so many bytes and records. */
const patienceBytes = 8 * 1024 * 1024;
const patienceRecords = 512;

/**
 * Scans OpenSC's spy text. Most records are complete and alone: those are found in one pass over their bytes. Whatever is
 * not (calls that overlap, starts of programs, records longer than a chunk, foreign lines) is read line by line.
 */
export class OpenscSpyScanner implements Scanner {
  done = false;
  strayBytes = 0;
  readonly lost = 0;
  readonly #input: ScanInput;
  readonly #clock = new Clock();
  readonly #header = emptyHeader();
  readonly #returned = emptyReturned();
  #wide = new WideBytes(new Uint8Array(0));
  readonly #notes: BodyNotes = { untrusted: false };
  readonly #calls: SpyCalls;
  /** Whether a function's records hold texts of a token, by the id of its name. */
  readonly #quoted: (boolean | undefined)[] = [];
  #started = false;
  #synced: boolean;
  /** In the middle of a line that is longer than a chunk. */
  #inLine = false;
  #blank = true;
  /** Name behind the last "[out]". */
  #out = "";
  /** Slot of a start of a program whose second line may follow. */
  #banner = -1;
  #next: number | null = null;
  #phantoms = 0;
  /** The last bytes that were given end with a line. */
  #endsWhole = true;
  /** Where the bytes begin that the last scan left. */
  #left = 0;

  constructor(input: ScanInput) {
    this.#input = input;
    this.#synced = input.from === 0 || input.exact;
    this.#calls = new SpyCalls(({ slot, offset, ambiguous }) => {
      if (slot < 0) return;
      const { columns } = this.#input;
      columns.mark(slot, markBit["no-return"] | (ambiguous ? markBit.ambiguous : 0));
      columns.setLength(slot, Math.max(columns.length[slot] ?? 0, this.#here - offset));
    });
  }

  /** Offset in the file of the line that is being read. */
  #here = 0;

  scan(chunk: Uint8Array, offset: number, last: boolean): number {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#wide = new WideBytes(bytes);
    let at = !this.#started && offset > 0 && !this.#input.exact ? firstLine(bytes) : 0;
    this.#started = true;
    while (!this.done && at < bytes.length) {
      const alone = this.#synced && this.#calls.open.length === 0 && !this.#inLine;
      let next = alone ? this.#record(bytes, at, offset) : -1;
      if (next < 0) {
        // A record that is not complete waits for more bytes, as long as it may.
        if (next === -2 && !last && bytes.length - at <= tailLimit) break;
        this.#here = offset + at;
        next = this.#line(bytes, at, offset, last);
        if (next < 0) {
          if (last || bytes.length - at <= tailLimit) break;
          this.#inLine = true;
          next = bytes.length;
        }
      }
      at = next;
    }
    if (last && !this.done)
      at = leftFrom(at, bytes.length, offset, Math.min(...this.#calls.open.map((call) => call.offset)));
    this.#left = offset + at;
    this.#endsWhole = bytes.length === 0 || bytes[bytes.length - 1] === newline;
    return at;
  }

  finish(rest: Uint8Array, offset: number): ScanEnd {
    const { columns } = this.#input;
    const end = offset + rest.length;
    const open: ScanEnd["open"] = [];
    for (const call of this.#calls.open) {
      // Nothing is left over although something was left: the log may grow, and this call is scanned again.
      if (call.slot < 0 || (rest.length === 0 && !this.done && call.offset >= this.#left)) continue;
      if (!this.done) columns.setLength(call.slot, end - call.offset);
      if (!this.done && !this.#endsWhole) this.#input.columns.mark(call.slot, markBit.broken);
      if (call.ambiguous) this.#input.columns.mark(call.slot, markBit.ambiguous);
      open.push({ key: call.offset, slot: call.slot });
    }
    const start = Math.max(offset, this.#input.from);
    if (
      open.length === 0 &&
      this.#synced &&
      start < Math.min(end, this.#input.to) &&
      rest.some((byte) => byte > 0x20)
    ) {
      const slot = columns.add(start);
      columns.length[slot] = end - start;
      columns.kind[slot] = kindNumber.note;
      columns.flags[slot] = markBit.broken;
    }
    return { next: this.#next, open, closing: [] };
  }

  /**
   * Reads one whole record that no other overlaps.
   * @returns where it ends; -1: it is none such; -2: perhaps, if more bytes come.
   */
  #record(bytes: Buffer, from: number, offset: number): number {
    const wide = this.#wide;
    let at = from;
    while (at < from + 8 && (bytes[at] === newline || bytes[at] === carriage)) at++;
    if (offset + at >= this.#input.to) return -1;
    const header = this.#header;
    const found = readHeader(bytes, at, header, this.#clock, false, wide);
    if (found !== "yes") return found === "no" ? -1 : -2;
    const name = this.#nameId();
    if (name === 0) return -1;
    const body = findReturned(bytes, wide, header.end, this.#quoted[name] === true, this.#notes);
    if (body < 0) return body;
    if (!readReturned(bytes, body, this.#returned)) return -2;
    if (!this.#returned.whole) return -1;
    this.#blank = false;
    this.#banner = -1;
    const { end } = this.#returned;
    if (offset + at < this.#input.from) return end;
    const { columns, lanes } = this.#input;
    const { time, laneFrom, laneTo } = header;
    const slot = columns.addCall(
      offset + at,
      end - at,
      time,
      name,
      this.#returnCode(bytes),
      lanes.idOfWide(wide, laneFrom, laneTo),
      sessionAt(bytes, wide, header.end),
    );
    if (this.#notes.untrusted) columns.mark(slot, markBit["untrusted-text"]);
    return end;
  }

  /** Adds the record whose header was read. @returns its slot. */
  #add(bytes: Buffer, at: number, offset: number, name: number): number {
    const { columns, lanes } = this.#input;
    const { time, laneFrom, laneTo, end } = this.#header;
    const slot = columns.add(offset + at);
    columns.time[slot] = time;
    columns.name[slot] = name;
    columns.lane[slot] = lanes.idOfBytes(bytes, laneFrom, laneTo);
    columns.session[slot] = sessionAt(bytes, this.#wide, end);
    return slot;
  }

  /** @returns the id of the name in the header; 0: it is no word. */
  #nameId(): number {
    const wide = this.#wide;
    const { names } = this.#input;
    const { nameFrom, nameTo } = this.#header;
    let id = names.recentId(wide, nameFrom, nameTo);
    if (id === 0) {
      if (!areWord(wide.bytes, nameFrom, nameTo)) return 0;
      id = wide.bytes[nameFrom] === 0x53 ? names.id("C_SetOperationState") : names.idOfWide(wide, nameFrom, nameTo);
    }
    this.#quoted[id] ??= hasQuotes(names.words[id] ?? "");
    return id;
  }

  #returnCode(bytes: Buffer): number {
    const { number, nameFrom, nameTo } = this.#returned;
    const { returnCodes } = this.#input;
    // "(null)" and "CKR_VENDOR_DEFINED" name nothing: the number does. Negative: 32 bits on Windows.
    if (bytes[nameFrom] === 0x28 || number >= 0x80000000 || number < 0)
      return returnCodes.id(`0x${unsigned(number).toString(16)}`);
    return returnCodes.idOfWide(this.#wide, nameFrom, nameTo);
  }

  /** Reads one line. @returns behind it; -1: it is not complete. */
  #line(bytes: Buffer, at: number, offset: number, last: boolean): number {
    const end = bytes.indexOf(newline, at);
    if (this.#inLine) {
      if (end < 0) return -1;
      this.#inLine = false;
      return end + 1;
    }
    const first = bytes[at] ?? 0;
    if (first === newline || (first === carriage && bytes[at + 1] === newline)) {
      this.#blank = true;
      return end + 1;
    }
    if (first >= 0x30 && first <= 0x39) {
      const found = readHeader(bytes, at, this.#header, this.#clock, last);
      const isCut = found === "yes" && !last && this.#header.end + 48 > bytes.length;
      if (found === "more" || isCut) return -1;
      // What is no start of a line by itself may be one by the time behind it.
      const isFree = this.#blank || (this.#synced && this.#calls.open.length === 0) || !Number.isNaN(this.#header.time);
      if (found === "yes" && isFree) return this.#begin(bytes, at, offset);
    }
    if (first === 0x20) {
      const after = this.#quotedLine(bytes, at);
      if (after !== null) return after;
    }
    if (end < 0) return -1;
    const isBanner = first === 0x2a && standsAt(bytes, at, bannerWord);
    if (isBanner) return this.#start(at, end, offset);
    if (first === 0x52 && isReturned(bytes, at)) return this.#return(bytes, at, offset);
    this.#blank = false;
    if (this.#banner >= 0 && (first === 0x4c || first === 0x45)) {
      this.#input.columns.length[this.#banner] = offset + end + 1 - (this.#input.columns.offset[this.#banner] ?? 0);
    } else if (this.#calls.open.length > 0) {
      if (first === 0x5b && bytes[at + 1] === 0x6f)
        this.#out = bytes.toString("latin1", at + 6, Math.min(end, at + 46));
    } else if (this.#synced && this.#isOwn(offset + at)) this.strayBytes += end + 1 - at;
    this.#banner = -1;
    return end + 1;
  }

  #isOwn(position: number): boolean {
    return position >= this.#input.from && position < this.#input.to;
  }

  #quotedLine(bytes: Buffer, at: number): number | null {
    const inside = this.#calls.open.filter(({ name }) => hasQuotes(name));
    if (inside.length === 0) return null;
    const text = readQuoted(bytes, at);
    if (text === "more") return -1;
    if (!text) return null;
    if (bytes.subarray(text.from, text.to).includes(newline))
      for (const { slot } of inside) if (slot >= 0) this.#input.columns.mark(slot, markBit["untrusted-text"]);
    return text.end;
  }

  #begin(bytes: Buffer, at: number, offset: number): number {
    const position = offset + at;
    this.#synced = true;
    this.#blank = false;
    this.#banner = -1;
    const { end, laneFrom, laneTo } = this.#header;
    if (this.#isBehind(position)) return at;
    const name = this.#nameId();
    const slot = this.#isOwn(position) ? this.#add(bytes, at, offset, name) : -1;
    const call: SpyCall = {
      slot,
      name: this.#input.names.words[name] ?? "",
      lane: this.#input.lanes.idOfBytes(bytes, laneFrom, laneTo),
      offset: position,
      ambiguous: false,
      overtaken: 0,
    };
    if (slot >= 0) this.#input.columns.length[slot] = end - at;
    this.#out = "";
    this.#calls.begin(call);
    return end;
  }

  /** Whether nothing is to be done any more once a record begins here. */
  #isBehind(position: number): boolean {
    if (position < this.#input.to) return false;
    this.#next ??= position;
    this.#phantoms++;
    this.done = !this.#calls.ownIsOpen || this.#phantoms > patienceRecords || position > this.#input.to + patienceBytes;
    return this.done;
  }

  #start(at: number, end: number, offset: number): number {
    const position = offset + at;
    if (this.#isBehind(position)) return at;
    this.#synced = true;
    this.#blank = true;
    this.#calls.restart();
    if (!this.#isOwn(position)) return end + 1;
    const { columns, names } = this.#input;
    const slot = columns.add(position);
    columns.kind[slot] = kindNumber.note;
    columns.name[slot] = names.id("header");
    columns.length[slot] = end + 1 - at;
    this.#banner = slot;
    return end + 1;
  }

  #return(bytes: Buffer, at: number, offset: number): number {
    const { columns } = this.#input;
    const returned = this.#returned;
    readReturned(bytes, at, returned);
    this.#blank = false;
    const rv = bytes.toString("latin1", returned.nameFrom, Math.min(returned.nameTo, returned.nameFrom + 80));
    const call = this.#synced ? this.#calls.end(this.#out, rv) : null;
    this.#out = "";
    if (!call) {
      if (this.#synced && this.#isOwn(offset + at)) this.strayBytes += returned.end - at;
      return returned.end;
    }
    if (call.slot >= 0) {
      columns.setLength(call.slot, offset + returned.end - call.offset);
      let flags = (columns.flags[call.slot] ?? 0) & ~markBit["no-return"];
      if (call.ambiguous) flags |= markBit.ambiguous;
      if (returned.whole) columns.rv[call.slot] = this.#returnCode(bytes);
      else flags |= markBit.broken;
      columns.flags[call.slot] = flags;
    }
    return returned.end;
  }
}
