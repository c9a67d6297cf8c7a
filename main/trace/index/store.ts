import type { Dialect, LogFacts } from "../dialects/dialect.ts";
import { outcomeByName } from "../outcome.ts";
import type { Lane } from "../reader.ts";
import { Columns } from "./columns.ts";
import { Dictionary } from "./dictionary.ts";
import { errorNumber, markBit, outcomeNumber, withOutcome } from "./flags.ts";
import type { Part } from "./scan-range.ts";

/** What the store keeps of each file while its parts come in. */
interface FileState {
  dialect: Dialect;
  facts: LogFacts;
  /** Calls announced that have not come back yet: their number in the log, their slot. */
  open: Map<number, number>;
  /** Marks that every record of the file gets. */
  marks: number;
}

export interface Counts {
  errors: number;
  ambiguous: number;
  broken: number;
  lost: number;
}

const maxLanes = 65535;
const maxOpen = 65536;
const maxPairs = 1 << 18;

/** The index of all files of a trace: parts are appended in the order in which they stand in their files. */
export class Store {
  readonly columns = new Columns(0, true);
  readonly names = new Dictionary();
  readonly returnCodes = new Dictionary();
  readonly lanes: Lane[] = [];
  readonly counts: Counts = { errors: 0, ambiguous: 0, broken: 0, lost: 0 };
  readonly #files: FileState[] = [];
  /** Slot + 1 of the last record of each lane, where durations are the time until the next; 0: none. */
  readonly #lastOfLane = new Uint32Array(maxLanes);
  readonly #laneIds = new Map<string, number>();
  /** Outcome and one for each pair of name and return code met so far. */
  readonly #outcomes = new Map<number, number>();

  /** @returns the number of the file. Its lane for threads that are too many to count is made at once. */
  addFile(dialect: Dialect, facts: LogFacts, bestEffort = false): number {
    const marks = bestEffort ? markBit["best-effort"] : 0;
    const file = this.#files.push({ dialect, facts, open: new Map(), marks }) - 1;
    this.#lane(file, "");
    return file;
  }

  /** Appends a part, changing its columns. @returns the slots whose rows have changed but which were there before. */
  append(file: number, part: Part): number[] {
    const state = this.#files[file];
    if (!state) throw new Error(`no file ${file}`);
    this.counts.lost += part.lost;
    this.#renumber(file, part);
    const { changed, removed } = this.#close(state, part);
    const first = this.columns.count;
    this.columns.append(part.columns);
    if (state.dialect.durations === "at-most") this.#measure(first, state.dialect.clockStep ?? 0);
    for (const { key, slot } of part.end.open)
      if (state.open.size < maxOpen) {
        const at = first + slot - removed.filter((gone) => gone < slot).length;
        state.open.set(key, at);
        this.columns.mark(at, markBit.running);
      }
    return changed;
  }

  /** Nothing more comes from the file: what has not come back never did. */
  finish(file: number): void {
    const { flags } = this.columns;
    const state = this.#files[file];
    for (const slot of state?.open.values() ?? [])
      flags[slot] = ((flags[slot] ?? 0) & ~markBit.running) | markBit["no-return"];
    state?.open.clear();
  }

  /** Forgets the first records. Every slot moves. */
  dropFirst(count: number): void {
    for (let slot = 0; slot < count; slot++) this.#countOne(this.columns.flags[slot] ?? 0, -1);
    this.columns.dropFirst(count);
    const moved = (slots: Map<number, number>) => {
      for (const [key, slot] of slots)
        if (slot < count) slots.delete(key);
        else slots.set(key, slot - count);
    };
    for (const { open } of this.#files) moved(open);
    for (let lane = 0; lane < this.#lastOfLane.length; lane++)
      this.#lastOfLane[lane] = Math.max(0, (this.#lastOfLane[lane] ?? 0) - count);
  }

  #lane(file: number, word: string): number {
    const key = `${file}\n${word}`;
    const known = this.#laneIds.get(key);
    if (known !== undefined) return known;
    const state = this.#files[file];
    if (!state) throw new Error(`no file ${file}`);
    const full = this.lanes.length >= maxLanes;
    const id = full
      ? (this.#laneIds.get(`${file}\n`) ?? 0)
      : this.lanes.push({ file, ...state.dialect.lane(word, state.facts) }) - 1;
    if (!full) this.#laneIds.set(key, id);
    return id;
  }

  /** Puts the store's ids for those of the part, and outcomes. The one loop over all records that is not in a worker. */
  #renumber(file: number, part: Part): void {
    const { count, name, rv, lane, flags } = part.columns;
    const marks = this.#files[file]?.marks ?? 0;
    const names = idsOf(part.names, (word) => this.names.id(word));
    const returnCodes = idsOf(part.returnCodes, (word) => this.returnCodes.id(word));
    const lanes = idsOf(part.lanes, (word) => this.#lane(file, word));
    // Each pair is looked up once; in the table of a part with thousands of words there is no room for it, and it is every time.
    const pairs = names.length * returnCodes.length;
    const outcomeBits = new Uint16Array(pairs <= maxPairs ? pairs : 0);
    for (let i = 0; i < count; i++) {
      const ownName = name[i] ?? 0;
      const ownCode = rv[i] ?? 0;
      const pair = ownName * returnCodes.length + ownCode;
      name[i] = names[ownName] ?? 0;
      rv[i] = returnCodes[ownCode] ?? 0;
      lane[i] = lanes[lane[i] ?? 0] ?? 0;
      let bits = (flags[i] ?? 0) | marks;
      if (outcomeNumber(bits) === 0) {
        let outcome = outcomeBits[pair] ?? 0;
        if (outcome === 0) {
          outcome = this.#outcome(names[ownName] ?? 0, returnCodes[ownCode] ?? 0);
          if (pair < outcomeBits.length) outcomeBits[pair] = outcome;
        }
        bits |= outcome;
      }
      flags[i] = bits;
      this.#countOne(bits, 1);
    }
  }

  #outcome(name: number, rv: number): number {
    const pair = name * 65536 + rv;
    let bits = this.#outcomes.get(pair);
    if (bits === undefined) {
      bits = withOutcome(0, outcomeByName(this.names.words[name] ?? "", this.returnCodes.words[rv] ?? ""));
      this.#outcomes.set(pair, bits);
    }
    return bits;
  }

  /** Puts calls that were announced in an earlier part into the rows of their announcements. */
  #close(state: FileState, part: Part): { changed: number[]; removed: number[] } {
    const changed: number[] = [];
    const removed: number[] = [];
    if (state.open.size === 0) return { changed, removed };
    for (const { key, slot } of part.end.closing) {
      const opened = state.open.get(key);
      if (opened === undefined) continue;
      state.open.delete(key);
      // The row that comes in its place is counted already.
      this.#countOne(this.columns.flags[opened] ?? 0, -1);
      this.columns.copyOver(opened, part.columns, slot);
      changed.push(opened);
      removed.push(slot);
    }
    if (removed.length > 0) part.columns.remove(removed.sort((a, b) => a - b));
    return { changed, removed };
  }

  /** @param step of the log's clock, ns: both ends may be off by nearly one, so the bound is longer by it. */
  #measure(first: number, step: number): void {
    const { time, duration, lane, count } = this.columns;
    const lastOfLane = this.#lastOfLane;
    for (let slot = first; slot < count; slot++) {
      const own = lane[slot] ?? 0;
      const before = (lastOfLane[own] ?? 0) - 1;
      if (before >= 0) {
        const gap = ((time[slot] ?? Number.NaN) - (time[before] ?? Number.NaN)) * 1000;
        // Time that goes backwards (summer time, a new day) tells nothing.
        duration[before] = gap >= 0 ? gap + step : Number.NaN;
      }
      lastOfLane[own] = slot + 1;
    }
  }

  #countOne(bits: number, step: 1 | -1): void {
    if (outcomeNumber(bits) === errorNumber) this.counts.errors += step;
    if (bits & markBit.ambiguous) this.counts.ambiguous += step;
    if (bits & markBit.broken) this.counts.broken += step;
  }
}

/** Ids that a store has for words of a part. A dictionary that is full has a hole before its last word. */
const idsOf = (words: readonly (string | undefined)[], idOf: (word: string) => number): Uint16Array =>
  Uint16Array.from(words, (word) => (word === undefined ? 0 : idOf(word)));
