import { returnValueName } from "../../pkcs11/return-values.ts";
import { foldHandle } from "../index/columns.ts";
import { kindNumber, markBit } from "../index/flags.ts";
import type { ScanEnd } from "./dialect.ts";
import { LineScanner, type OpenCall } from "./line-scan.ts";
import { Clock } from "./opensc-spy-lines.ts";
import { hasText, isExact, prefixOf, textEnd, textReach } from "./pkcs11-logger-lines.ts";
import { microsecondsOf } from "./stamps.ts";

/** The longest line that is looked at as a whole; those of interest are shorter. */
const longest = 200;
/** So many calls may be open at a time; more are a forgery or a log with missing lines. */
const maxOpen = 256;

interface LoggerCall extends OpenCall {
  prefix: string;
  /** "": a separator, behind which a call may begin. */
  name: string;
  time: number;
  /** When the module was called (2.3). */
  calling: number;
  /** Behind its last line. */
  end: number;
  ambiguous: boolean;
}

const separator = /^\*{10,}(?: (\S+ \S+) \*\*\*)?$/;
const timed = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?) - (.*)$/;
const returning = /^Returning (\d{1,20}) \(([^()]{0,80})\)$/;

/**
 * Scans PKCS11-LOGGER's log. Up to 2.2 a record begins with a separator that has the time in seconds; from 2.3 on its
 * lines have times of their own. With process and thread in front of every line nothing is mixed up; where one of them
 * is switched off, calls that overlap are ambiguous.
 */
export class LoggerScanner extends LineScanner {
  readonly #open: LoggerCall[] = [];
  readonly #clock = new Clock();
  /** Slots of notes that go on, the first lines of programs, by what stands in front of their lines. */
  readonly #notes = new Map<string, number>();

  protected open(): readonly OpenCall[] {
    return this.#open;
  }

  protected textEnd(bytes: Buffer, at: number, final: boolean): number {
    if (!final && bytes.length - at < textReach + 100 && hasText(bytes, at)) return -2;
    return textEnd(bytes, at);
  }

  override finish(rest: Uint8Array, offset: number): ScanEnd {
    for (const call of this.#open.filter(({ name }) => name === "")) this.#settle(call);
    return super.finish(rest, offset);
  }

  protected line(bytes: Buffer, at: number, end: number, next: number, offset: number): boolean {
    const position = offset + at;
    const text = bytes.toString("latin1", at, Math.min(end, at + longest)).replace(/\r$/, "");
    const prefix = prefixOf(text);
    const rest = text.slice(prefix.length);
    // Without numbers in front among lines that have them: it belongs to the text of the line before.
    if (prefix === "" && this.#open.some((call) => call.prefix !== "")) return true;
    const behind = offset + next;
    const last = this.#open.findLast((call) => call.prefix === prefix);
    if (last) last.end = behind;

    const separated = separator.exec(rest);
    if (separated) return this.#separate(prefix, position, behind, microsecondsOf(separated[1] ?? "", this.#clock));
    const [, stamp = "", body = rest] = timed.exec(rest) ?? [];
    const time = microsecondsOf(stamp, this.#clock);
    const [, verb, name = ""] = /^(Entered|Calling|Received response from) (C_\w{1,60})$/.exec(body) ?? [];
    if (verb === "Entered" || (verb === "Calling" && stamp === ""))
      return this.#begin(prefix, name, position, behind, time);
    const call = last?.name ? last : undefined;
    if (call && verb === "Calling") call.calling = time;
    else if (call && verb !== undefined) this.#took(call, time);
    else if (returning.test(body)) this.#return(prefix, body, position, behind);
    else if (call) this.#session(call, rest);
    else this.#other(prefix, rest, last, position, behind);
    return true;
  }

  /** A line outside of calls: one of the first of a program, or a stray one. */
  #other(prefix: string, rest: string, pending: LoggerCall | undefined, position: number, behind: number): void {
    const isStart = /^PKCS11-LOGGER \S+$/.test(rest);
    if (pending && isStart) {
      this.#restart(prefix);
      this.#remove(pending);
      this.#toNote(pending.slot, behind, "header");
      if (this.#notes.size < maxOpen) this.#notes.set(prefix, pending.slot);
    } else {
      if (pending) this.#settle(pending);
      const note = this.#notes.get(prefix);
      if (note !== undefined) this.#toNote(note, behind, null);
      else this.stray(position, behind - position);
    }
  }

  #separate(prefix: string, position: number, behind: number, time: number): boolean {
    const before = this.#open.find((call) => call.prefix === prefix && call.name === "");
    if (before) this.#settle(before);
    if (this.isBehind(position)) return false;
    this.synced = true;
    const slot = this.isOwn(position) ? this.input.columns.add(position) : -1;
    if (slot >= 0) this.input.columns.length[slot] = behind - position;
    this.#push({ slot, offset: position, prefix, name: "", time, calling: Number.NaN, end: behind, ambiguous: false });
    return true;
  }

  #push(call: LoggerCall): void {
    this.#open.push(call);
    if (this.#open.length > maxOpen) this.#giveUp(this.#open[0] ?? call);
  }

  #begin(prefix: string, name: string, position: number, behind: number, time: number): boolean {
    const pending = this.#open.find((call) => call.prefix === prefix && call.name === "");
    if (pending) this.#remove(pending);
    else if (this.isBehind(position)) return false;
    this.synced = true;
    this.#notes.delete(prefix);
    const { columns, names, lanes } = this.input;
    const slot = pending ? pending.slot : this.isOwn(position) ? columns.add(position) : -1;
    const begun = pending ? pending.time : time;
    if (slot >= 0) {
      columns.name[slot] = names.id(name);
      columns.time[slot] = begun;
      columns.lane[slot] = prefix === "" ? 0 : lanes.id(prefix);
      columns.setLength(slot, behind - (columns.offset[slot] ?? 0));
    }
    const others = this.#open.filter((call) => call.prefix === prefix);
    // A thread that begins a call has come back from the one before; its line is lost.
    if (isExact(prefix)) for (const call of others) this.#giveUp(call);
    else for (const call of others) call.ambiguous = true;
    const ambiguous = !isExact(prefix) && others.length > 0;
    const offset = pending?.offset ?? position;
    this.#push({ slot, offset, prefix, name, time: begun, calling: Number.NaN, end: behind, ambiguous });
    return true;
  }

  #took(call: LoggerCall, time: number): void {
    const took = (time - call.calling) * 1000;
    if (call.slot >= 0 && took >= 0) this.input.columns.duration[call.slot] = took;
  }

  #session({ slot }: LoggerCall, rest: string): void {
    if (slot < 0 || this.input.columns.session[slot] !== 0) return;
    const session = /^ hSession: (\d{1,20})$/.exec(rest)?.[1];
    if (session) this.input.columns.session[slot] = foldHandle(Number(session));
  }

  #return(prefix: string, body: string, position: number, behind: number): void {
    const call = this.#open.find((open) => open.prefix === prefix && open.name !== "");
    if (!call) {
      this.stray(position, behind - position);
      return;
    }
    this.#remove(call);
    const { columns, returnCodes } = this.input;
    if (call.slot < 0) return;
    const [, number = "0"] = returning.exec(body) ?? [];
    const name = returnValueName(Number(number));
    columns.rv[call.slot] = returnCodes.id(
      /^CKR_\w+$/.test(name) && name !== "CKR_VENDOR_DEFINED" ? name : `0x${BigInt(number).toString(16)}`,
    );
    columns.setLength(call.slot, behind - call.offset);
    if (!call.ambiguous) return;
    this.mark(call.slot, markBit.ambiguous);
    columns.duration[call.slot] = Number.NaN;
  }

  /** A program starts: what is open in its lane will not come back. */
  #restart(prefix: string): void {
    for (const call of this.#open.filter((open) => open.prefix === prefix && open.name !== "")) this.#giveUp(call);
  }

  #giveUp(call: LoggerCall): void {
    this.#remove(call);
    if (call.name === "") this.#toNote(call.slot, call.end, "note");
    else if (call.slot >= 0) {
      this.mark(call.slot, markBit["no-return"] | (call.ambiguous ? markBit.ambiguous : 0));
      this.input.columns.setLength(call.slot, call.end - call.offset);
    }
  }

  #remove(call: LoggerCall): void {
    this.#open.splice(this.#open.indexOf(call), 1);
  }

  /** A separator without a call behind it is no record, or, if others have begun since, a note. */
  #settle(pending: LoggerCall): void {
    this.#remove(pending);
    const { slot, offset } = pending;
    const { columns } = this.input;
    if (slot < 0) return;
    if (slot !== columns.count - 1) this.#toNote(slot, pending.end, "note");
    else {
      const length = columns.length[slot] ?? 0;
      columns.count--;
      this.#toNote(this.#notes.get(pending.prefix) ?? -1, offset + length, null);
    }
  }

  #toNote(slot: number, end: number, name: string | null): void {
    if (slot < 0) return;
    const { columns, names } = this.input;
    columns.kind[slot] = kindNumber.note;
    if (name !== null) columns.name[slot] = names.id(name);
    columns.setLength(slot, Math.max(columns.length[slot] ?? 0, end - (columns.offset[slot] ?? 0)));
  }
}
