import { statusWord } from "../explain/iso7816.ts";
import { foldHandle } from "../index/columns.ts";
import { kindNumber, markBit, withOutcome } from "../index/flags.ts";
import type { ScanInput } from "./dialect.ts";
import { commandName, isTriesQuestion } from "./opensc-debug-apdu.ts";
import { type DebugBody, readBody, readRow } from "./opensc-debug-body.ts";
import { type DebugApdu, DebugLane } from "./opensc-debug-lanes.ts";
import type { DebugPrefix } from "./opensc-debug-prefix.ts";

const maxLanes = 1024;

/** A dump that is being read. */
interface Dump {
  isCommand: boolean;
  left: number;
  /** Bytes in all. */
  count: number;
  /** The first bytes of a command, the last two of an answer. */
  bytes: number[];
  /** The command that is dumped, or answered. */
  apdu: DebugApdu;
  time: number;
}

const dumpOf = (apdu: DebugApdu, isCommand: boolean, count: number, time: number): Dump => ({
  isCommand,
  left: count,
  count,
  bytes: [],
  apdu,
  time,
});

/** Makes rows of messages: follows functions, calls and commands of each thread, and fills in what comes later. */
export class DebugRows {
  readonly lanes = new Map<number, DebugLane>();
  /** Commands and calls of this range that wait for their end. */
  waiting = 0;
  /** The message that following lines belong to: its slot (-1: none of this range's) and its beginning. */
  current = -1;
  currentFrom = -1;
  dump: Dump | null = null;
  readonly #input: ScanInput;
  readonly #words: (string | undefined)[] = [];
  readonly #transmit: number;

  constructor(input: ScanInput) {
    this.#input = input;
    this.#transmit = input.names.id("sc_transmit_apdu");
  }

  isOwn(position: number): boolean {
    return position >= this.#input.from && position < this.#input.to;
  }

  /** The message that is being read ends here. */
  endMessage(position: number): void {
    if (this.current >= 0) {
      const { columns } = this.#input;
      columns.setLength(this.current, Math.max(columns.length[this.current] ?? 0, position - this.currentFrom));
    }
    const dump = this.dump;
    if (dump && dump.apdu.slot >= 0) {
      this.#input.columns.mark(dump.apdu.slot, markBit.broken);
      if (!dump.isCommand) this.waiting--;
    }
    this.dump = null;
    this.current = -1;
    this.currentFrom = -1;
  }

  #laneOf(id: number): DebugLane {
    const key = this.lanes.size < maxLanes || this.lanes.has(id) ? id : 0;
    let lane = this.lanes.get(key);
    if (!lane) {
      lane = new DebugLane();
      this.lanes.set(key, lane);
    }
    return lane;
  }

  message(bytes: Buffer, at: number, end: number, next: number, offset: number, prefix: DebugPrefix): void {
    const { columns, names, lanes } = this.#input;
    const isOwn = this.isOwn(offset + at);
    const laneId = lanes.idOfBytes(bytes, prefix.laneFrom, prefix.laneTo);
    const lane = this.#laneOf(laneId);
    const name = names.idOfBytes(bytes, prefix.functionFrom, prefix.functionTo);
    const body = readBody(bytes, prefix, end, next);
    this.currentFrom = offset + at;
    if (body.kind === "answer" && lane.apdu) {
      const { apdu } = lane;
      this.dump = dumpOf(apdu, false, body.length, prefix.time);
      // The record of the command goes on up to here.
      this.current = apdu.slot;
      if (apdu.slot >= 0) this.currentFrom = apdu.offset;
      lane.apdu = null;
      return;
    }
    const slot = isOwn ? columns.add(offset + at) : -1;
    this.current = slot;
    const depth = this.#depthOf(body, lane, name, slot, prefix.time);
    if (body.kind === "command") {
      if (lane.apdu && lane.apdu.slot >= 0) {
        columns.mark(lane.apdu.slot, markBit["no-return"]);
        this.waiting--;
      }
      const apdu = { slot, offset: offset + at, time: prefix.time, isQuestion: false };
      lane.apdu = apdu;
      this.dump = dumpOf(apdu, true, body.length, prefix.time);
      if (slot >= 0) this.waiting++;
    }
    if (slot < 0) return;
    columns.time[slot] = prefix.time;
    columns.lane[slot] = laneId;
    columns.name[slot] = columns.name[slot] || name || names.id("message");
    columns.depth[slot] = depth;
    if (body.kind === "command") columns.kind[slot] = kindNumber.apdu;
    else if (body.kind === "called") columns.kind[slot] = kindNumber.enter;
    else if (!body.call) columns.kind[slot] = kindNumber.message;
    if (body.code) columns.rv[slot] = this.#input.returnCodes.id(body.code);
  }

  /** Follows functions and calls. @returns how deep the message is nested. */
  #depthOf(body: DebugBody, lane: DebugLane, name: number, slot: number, time: number): number {
    const { columns } = this.#input;
    if (body.call) return this.#callDepth(body, lane, name, slot, time);
    if (body.kind === "called") return lane.enter(name, this.#word(name), this.#transmit, slot, time);
    if (body.kind !== "returning") return lane.depth;
    const entry = lane.leave(name);
    if (entry && entry.slot >= 0 && time >= entry.time) columns.duration[entry.slot] = (time - entry.time) * 1000;
    return lane.depth;
  }

  #callDepth(body: DebugBody, lane: DebugLane, name: number, slot: number, time: number): number {
    const { columns, returnCodes } = this.#input;
    const call = body.call;
    if (!call) return lane.depth;
    const open = lane.call;
    const goesOn = open !== null && open.name === name && !(open.announced && call.isAnnounced && call.rv === "");
    if (!goesOn) {
      if (open && open.slot >= 0) this.waiting--;
      lane.begin({ name, slot, time, announced: call.isAnnounced });
      if (slot >= 0) this.waiting++;
    } else if (call.isAnnounced) open.announced = true;
    const own = lane.call;
    if (!own) return 0;
    if (own.slot >= 0) {
      if (call.session > 0) columns.session[own.slot] = foldHandle(call.session);
      if (call.rv) {
        columns.rv[own.slot] = returnCodes.id(call.rv);
        if (time >= own.time && goesOn) columns.duration[own.slot] = (time - own.time) * 1000;
      }
    }
    if (slot >= 0 && own.slot === slot) {
      columns.kind[slot] = kindNumber.call;
      columns.name[slot] = name;
    } else if (slot >= 0) columns.kind[slot] = kindNumber.message;
    if (call.isEnd) {
      if (own.slot >= 0) this.waiting--;
      lane.end();
    }
    return goesOn ? 1 : 0;
  }

  #word(name: number): string {
    this.#words[name] ??= this.#input.names.words[name] ?? "";
    return this.#words[name] ?? "";
  }

  /** Reads a line of a dump. @param after where the line ends in the file. */
  row(bytes: Buffer, at: number, end: number, after: number): void {
    const dump = this.dump;
    if (!dump) return;
    const row = readRow(bytes, at, end, dump.left);
    if (!row) return;
    dump.left -= row.length;
    if (dump.isCommand) {
      if (dump.bytes.length < 4) dump.bytes.push(...row.slice(0, 4));
    } else dump.bytes = [...dump.bytes, ...row].slice(-2);
    if (dump.left > 0) return;
    const { columns, names, returnCodes } = this.#input;
    this.dump = null;
    const { slot } = dump.apdu;
    if (slot < 0) return;
    if (dump.isCommand) {
      columns.name[slot] = names.id(commandName(dump.bytes));
      dump.apdu.isQuestion = isTriesQuestion(dump.bytes, dump.count);
    } else {
      this.waiting--;
      const [sw1 = 0, sw2 = 0] = dump.bytes.slice(-2);
      const word = (sw1 * 256 + sw2).toString(16).toUpperCase().padStart(4, "0");
      columns.rv[slot] = returnCodes.id(word);
      if (dump.apdu.isQuestion)
        columns.flags[slot] = withOutcome(columns.flags[slot] ?? 0, statusWord(word, true)?.outcome ?? "error");
      columns.setLength(slot, after - (columns.offset[slot] ?? 0));
      const took = dump.time - (columns.time[slot] ?? Number.NaN);
      if (took >= 0) columns.duration[slot] = took * 1000;
    }
  }
}
