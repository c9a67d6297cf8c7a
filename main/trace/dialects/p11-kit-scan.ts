import { foldHandle } from "../index/columns.ts";
import { markBit } from "../index/flags.ts";
import { LineScanner, type OpenCall } from "./line-scan.ts";
import { kindOf, quotedEnd, quotedReach } from "./p11-kit-lines.ts";

/** So many calls may be open at a time; more are a forgery or a log with missing lines. */
const maxOpen = 256;
const sessionWord = "  IN: hSession = S";

interface KitCall extends OpenCall {
  name: number;
}

/**
 * Scans p11-kit's log of calls. The end of a call names its function, so that calls of several threads are told apart as
 * long as they are of different functions; two open calls of one function are ambiguous.
 */
export class P11KitScanner extends LineScanner {
  readonly #open: KitCall[] = [];
  /** The call whose first argument may follow. */
  #fresh = -1;

  protected open(): readonly KitCall[] {
    return this.#open;
  }

  protected textEnd(bytes: Buffer, at: number, final: boolean): number {
    if (bytes[at] !== 0x09) return -1;
    return !final && bytes.length - at < quotedReach ? -2 : quotedEnd(bytes, at);
  }

  protected line(bytes: Buffer, at: number, end: number, next: number, offset: number): boolean {
    const kind = kindOf(bytes, at, end);
    const fresh = this.#fresh;
    this.#fresh = -1;
    if (kind === "header") return this.#begin(bytes, at, end, offset);
    if (kind === "returned") this.#end(bytes, at, end, next, offset);
    else if (this.#open.length === 0) this.stray(offset + at, next - at);
    else if (kind === "in" && fresh >= 0) this.#session(bytes, at, end, fresh);
    return true;
  }

  #begin(bytes: Buffer, at: number, end: number, offset: number): boolean {
    const { columns, names } = this.input;
    const position = offset + at;
    if (this.isBehind(position)) return false;
    this.synced = true;
    const name = names.idOfBytes(bytes, at, bytes[end - 1] === 0x0d ? end - 1 : end);
    const slot = this.isOwn(position) ? columns.add(position) : -1;
    if (slot >= 0) {
      columns.name[slot] = name;
      columns.length[slot] = end - at;
      this.#fresh = slot;
    }
    let isAlone = true;
    for (const call of this.#open) {
      if (call.name !== name) continue;
      isAlone = false;
      this.mark(call.slot, markBit.ambiguous);
    }
    if (!isAlone) this.mark(slot, markBit.ambiguous);
    this.#open.push({ slot, name, offset: position });
    if (this.#open.length > maxOpen) {
      const lost = this.#open.shift();
      if (lost) this.mark(lost.slot, markBit["no-return"]);
    }
    return true;
  }

  #end(bytes: Buffer, at: number, end: number, next: number, offset: number): void {
    const { columns, names, returnCodes } = this.input;
    const equals = bytes.indexOf(0x20, at);
    const name = names.idOfBytes(bytes, at, equals);
    const place = this.#open.findIndex((call) => call.name === name);
    const [call] = place < 0 ? [] : this.#open.splice(place, 1);
    if (!call) {
      this.stray(offset + at, next - at);
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
    this.input.columns.session[slot] = foldHandle(Number(/^\d+/.exec(text.slice(sessionWord.length))?.[0] ?? "0"));
  }
}
