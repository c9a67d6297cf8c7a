import { foldHandle } from "../index/columns.ts";
import { kindNumber, markBit } from "../index/flags.ts";
import { LineScanner, type OpenCall } from "./line-scan.ts";
import { type SpyCall, SpyCalls } from "./opensc-spy-calls.ts";
import { Clock, hasQuotes, readQuoted, unsigned } from "./opensc-spy-lines.ts";
import { microsecondsOf, nanosecondsOf } from "./stamps.ts";

/** The first line of what a program writes when it loads the library. */
const bannerWord = "************************* PKCS#11 shim library";
/** The longest line that is looked at as a whole; those of interest are shorter. */
const longest = 200;

/** A call whose first lines are being read. */
interface Fresh {
  slot: number;
  name: string;
  offset: number;
  process: string;
  thread: string;
}

/**
 * Scans libpkcs11shim's log. Process and thread stand at the beginning of a call only: calls that overlap (without
 * PKCS11SHIM_CONSISTENCY) are ambiguous, as in OpenSC's spy, from which the library was made.
 */
export class ShimScanner extends LineScanner {
  readonly #calls = new SpyCalls((call) => this.#giveUp(call));
  readonly #clock = new Clock();
  #fresh: Fresh | null = null;
  /** The last process that was named: other threads may have broken into the first lines of a call. */
  #process = "";
  /** Slot whose first argument may follow. */
  #first = -1;
  /** Name behind the last "[out]". */
  #out = "";
  /** When the last call came back, and how long it took, by the lines in front of "[ret]". */
  #ended = { time: Number.NaN, lap: Number.NaN };
  /** Slot of a start of a program whose lines may follow. */
  #banner = -1;

  protected open(): readonly OpenCall[] {
    return this.#fresh ? [...this.#calls.open, this.#fresh] : this.#calls.open;
  }

  protected textEnd(bytes: Buffer, at: number, final: boolean): number {
    if (bytes[at] !== 0x20 || !this.#calls.open.some(({ name }) => hasQuotes(name))) return -1;
    const text = readQuoted(bytes, at);
    if (text === "more") return final ? -1 : -2;
    return text ? bytes.indexOf(0x0a, text.end) : -1;
  }

  protected line(bytes: Buffer, at: number, end: number, next: number, offset: number): boolean {
    const first = this.#first;
    this.#first = -1;
    const position = offset + at;
    if (bytes[at] === 0x2a && bytes.toString("latin1", at, at + bannerWord.length) === bannerWord)
      return this.#start(position, next - at);
    if (bytes[at] !== 0x5b) {
      if (this.#banner >= 0) this.#grow(this.#banner, position + next - at);
      else if (this.open().length === 0 && end - at > 1) this.stray(position, next - at);
      return true;
    }
    const text = bytes.toString("latin1", at, Math.min(end, at + longest)).trimEnd();
    const tag = text.slice(1, 4);
    const value = text.slice(6);
    if (tag === "cnt") {
      const name = /^\d{1,20} - (C_\w{1,60}|SetOperationState)$/.exec(value)?.[1];
      if (name !== undefined) return this.#begin(name, position, end - at);
    }
    if (tag === "lib") return this.#note(position, next - at);
    this.#banner = -1;
    if (tag === "pid") {
      this.#process = value;
      if (this.#fresh) this.#fresh.process = value;
    } else if (tag === "tid" && this.#fresh) this.#fresh.thread = value;
    else if (tag === "tic") this.#tic(value);
    else if (tag === "toc") this.#ended = { time: microsecondsOf(value, this.#clock), lap: Number.NaN };
    else if (tag === "lap") this.#ended.lap = nanosecondsOf(value);
    else if (tag === "ret") this.#return(value, position, next - at);
    else if (this.open().length === 0) this.stray(position, next - at);
    else if (tag === "out") this.#out = value;
    else if (first >= 0) {
      const session = /^hSession = 0x([0-9a-f]{1,16})$/.exec(value)?.[1];
      if (session) this.input.columns.session[first] = foldHandle(Number.parseInt(session, 16));
    }
    return true;
  }

  #giveUp({ slot, offset, ambiguous }: SpyCall): void {
    if (slot < 0) return;
    this.mark(slot, markBit["no-return"] | (ambiguous ? markBit.ambiguous : 0));
    this.#grow(slot, Math.max(this.#here, offset + 1));
  }
  /** Where the line begins that is being read. */
  #here = 0;

  #grow(slot: number, end: number): void {
    const { columns } = this.input;
    const length = end - (columns.offset[slot] ?? 0);
    columns.setLength(slot, Math.max(columns.length[slot] ?? 0, length));
  }

  #begin(name: string, position: number, length: number): boolean {
    this.#here = position;
    this.#announce();
    if (this.isBehind(position)) return false;
    this.synced = true;
    this.#banner = -1;
    const slot = this.isOwn(position) ? this.input.columns.add(position) : -1;
    const own = name === "SetOperationState" ? "C_SetOperationState" : name;
    if (slot >= 0) {
      this.input.columns.name[slot] = this.input.names.id(own);
      this.input.columns.length[slot] = length;
    }
    this.#fresh = { slot, name: own, offset: position, process: "", thread: "" };
    return true;
  }

  /** The first lines of a call are read: it counts for open from now on. */
  #announce(): void {
    const fresh = this.#fresh;
    this.#fresh = null;
    if (!fresh) return;
    const { slot, name, offset, process, thread } = fresh;
    const { columns, lanes } = this.input;
    const lane = thread === "" ? 0 : lanes.id(`P:${process || this.#process}; T:${thread}`);
    if (slot >= 0) {
      columns.lane[slot] = lane;
      this.#first = slot;
    }
    this.#out = "";
    this.#calls.begin({ slot, name, lane, offset, ambiguous: false, overtaken: 0 });
  }

  #tic(value: string): void {
    const slot = this.#fresh?.slot ?? -1;
    if (slot >= 0) this.input.columns.time[slot] = microsecondsOf(value, this.#clock);
    this.#announce();
  }

  #return(value: string, position: number, length: number): void {
    this.#here = position;
    this.#announce();
    this.#first = -1;
    const { columns, returnCodes } = this.input;
    const { time, lap } = this.#ended;
    this.#ended = { time: Number.NaN, lap: Number.NaN };
    const [, number = "", name = ""] = /^(-?\d{1,20}) (CKR_\w+|\(null\))$/.exec(value) ?? [];
    const call = this.synced ? this.#calls.end(this.#out, name) : null;
    this.#out = "";
    if (!call) {
      this.stray(position, length);
      return;
    }
    const { slot, ambiguous } = call;
    if (slot < 0) return;
    this.#grow(slot, position + length);
    let flags = (columns.flags[slot] ?? 0) & ~markBit["no-return"];
    if (ambiguous) flags |= markBit.ambiguous;
    if (number === "") flags |= markBit.broken;
    else columns.rv[slot] = returnCodes.id(returnName(Number(number), name));
    columns.flags[slot] = flags;
    const took = Number.isNaN(lap) ? (time - (columns.time[slot] ?? Number.NaN)) * 1000 : lap;
    if (!ambiguous && took >= 0) columns.duration[slot] = took;
  }

  #start(position: number, length: number): boolean {
    this.#here = position;
    this.#announce();
    if (this.isBehind(position)) return false;
    this.synced = true;
    this.#calls.restart();
    this.#banner = this.#addNote(position, length, "header");
    return true;
  }

  /** "[lib] process forked from 12 to 13", "[lib] *** EOF ***". */
  #note(position: number, length: number): boolean {
    this.#banner = -1;
    if (this.open().length > 0) return true;
    if (this.isBehind(position)) return false;
    this.#addNote(position, length, "note");
    return true;
  }

  #addNote(position: number, length: number, name: string): number {
    if (!this.isOwn(position)) return -1;
    const { columns, names } = this.input;
    const slot = columns.add(position);
    columns.kind[slot] = kindNumber.note;
    columns.name[slot] = names.id(name);
    columns.length[slot] = length;
    return slot;
  }
}

/** "(null)" names nothing: the number does. */
const returnName = (number: number, name: string): string =>
  name.startsWith("CKR_") && name !== "CKR_VENDOR_DEFINED" ? name : `0x${unsigned(number).toString(16)}`;
