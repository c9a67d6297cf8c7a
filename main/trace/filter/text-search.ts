import { firstFrom } from "../ascending.ts";
import type { Trace } from "../trace.ts";
import type { Pool } from "../worker/pool.ts";
import type { TextAnswers } from "./evaluate.ts";

/** Bytes that one task searches. */
const rangeBytes = 32 * 1024 * 1024;

/**
 * The search for one text through all files of a trace, in worker threads, range by range; it goes on when the trace
 * grows. Small letters find large ones too; with a large letter in the text, the case counts.
 */
export class TextSearch implements TextAnswers {
  hits = new Uint8Array(0);
  known = new Uint8Array(0);
  readonly #trace: Trace;
  readonly #pool: Pool;
  readonly #text: string;
  readonly #field: "any" | "label";
  readonly #needles: string[];
  readonly #ignoreCase: boolean;
  /** Of each file: bytes searched, and slots in the order of their offsets that are known. */
  #searched: number[] = [];
  #places: Uint32Array[] = [];
  #generation: number;
  #steps = 0;
  #running = false;
  #stopped = false;
  #failed = false;

  constructor(trace: Trace, pool: Pool, text: string, field: "any" | "label") {
    this.#trace = trace;
    this.#pool = pool;
    this.#text = text;
    this.#field = field;
    this.#ignoreCase = text === text.toLowerCase();
    const bytes = Buffer.from(text).toString("latin1");
    const escaped = Buffer.from(JSON.stringify(text).slice(1, -1)).toString("latin1");
    // OpenSC's spy prints a blank before each letter of a text attribute.
    const spaced = [...bytes].join(" ");
    this.#needles = [...new Set([bytes, escaped, ...(bytes.length > 1 ? [spaced] : [])])];
    this.#generation = trace.revision;
  }

  /** Whether records that are indexed have not been looked at yet. */
  get searching(): boolean {
    return !this.#stopped && !this.#failed && this.#behind();
  }

  /** Grows with each range that is searched. */
  get progress(): number {
    return this.#steps;
  }

  /** Goes on, if there is anything to go on with. Tells the trace's listeners as it gets on. */
  run(): void {
    if (this.#running || this.#stopped || this.#failed) return;
    if (this.#generation !== this.#trace.revision) this.#startAgain();
    if (!this.#behind()) return;
    this.#running = true;
    void this.#search()
      .catch(() => {
        this.#failed = true;
      })
      .finally(() => {
        this.#running = false;
        this.#trace.touch();
      });
  }

  stop(): void {
    this.#stopped = true;
  }

  #behind(): boolean {
    return this.#trace.logs.some(({ done, plain }, file) => (this.#searched[file] ?? plain.start) < done);
  }

  /** Slots have moved or changed: what is known of them is worth nothing. */
  #startAgain(): void {
    this.#generation = this.#trace.revision;
    this.#steps++;
    this.#searched = [];
    this.#places = [];
    this.hits = new Uint8Array(0);
    this.known = new Uint8Array(0);
  }

  async #search(): Promise<void> {
    while (!this.#stopped && this.#behind()) {
      if (this.#generation !== this.#trace.revision) this.#startAgain();
      const generation = this.#generation;
      const file = this.#trace.logs.findIndex(({ done, plain }, at) => (this.#searched[at] ?? plain.start) < done);
      const log = this.#trace.logs[file];
      if (!log) return;
      const from = this.#searched[file] ?? log.plain.start;
      const to = log.done;
      const ranges: { from: number; to: number }[] = [];
      for (let at = from; at < to && ranges.length < 2 * this.#pool.width; at += rangeBytes)
        ranges.push({ from: at, to: Math.min(at + rangeBytes, to) });
      const found = ranges.map((range) =>
        this.#pool.run({
          kind: "search",
          path: log.log.path,
          ...range,
          needles: this.#needles,
          ignoreCase: this.#ignoreCase,
        }),
      );
      for (const part of found) part.catch(() => {});
      for (const [at, range] of ranges.entries()) {
        const result = await found[at];
        if (this.#stopped) return;
        // Rows have moved while it was searched: begin again.
        if (generation !== this.#trace.revision || !result) break;
        this.#take(file, range, result.hits);
        this.#searched[file] = range.to;
        this.#steps++;
        this.#trace.touch();
      }
    }
  }

  /** Puts the hits of a range to the records that they stand in. */
  #take(file: number, range: { from: number; to: number }, hits: Uint32Array): void {
    const { offset, length, count } = this.#trace.columns;
    if (this.hits.length < count) {
      this.hits = larger(this.hits, Math.ceil(count * 1.25));
      this.known = larger(this.known, this.hits.length);
    }
    const places = this.#placesOf(file);
    let hit = 0;
    for (let at = firstEndingBehind(this.#trace, places, range.from); at < places.length; at++) {
      const slot = places[at] ?? 0;
      const start = offset[slot] ?? 0;
      const end = start + (length[slot] ?? 0);
      if (start >= range.to) break;
      while (hit < hits.length && range.from + (hits[hit] ?? 0) < start) hit++;
      if (hit < hits.length && range.from + (hits[hit] ?? 0) < end && !this.hits[slot])
        this.hits[slot] = this.#holds(slot);
      if (end <= range.to) this.known[slot] = 1;
    }
  }

  #holds(slot: number): 0 | 1 {
    if (this.#field === "any") return 1;
    const call = this.#trace.parseSlot(slot);
    const wanted = this.#ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text;
    const inField = (field: { name: string; text: string; fields?: { name: string; text: string }[] }): boolean =>
      (/label/i.test(field.name) && wanted(field.text).includes(this.#text)) || (field.fields ?? []).some(inField);
    return call.fields.some(inField) ? 1 : 0;
  }

  /** Slots of a file by offset. They nearly are in that order; rows of announced calls are not. */
  #placesOf(file: number): Uint32Array {
    const { columns, lanes, logs } = this.#trace;
    const known = this.#places[file];
    const { offset, lane, count } = columns;
    if (known && this.#placesCount === count) return known;
    this.#placesCount = count;
    this.#places = [];
    const single = logs.length === 1;
    const slots = new Uint32Array(count);
    let used = 0;
    let sorted = true;
    for (let slot = 0; slot < count; slot++) {
      if (!single && (lanes[lane[slot] ?? 0]?.file ?? 0) !== file) continue;
      if (used > 0 && (offset[slots[used - 1] ?? 0] ?? 0) > (offset[slot] ?? 0)) sorted = false;
      slots[used++] = slot;
    }
    const own = slots.subarray(0, used);
    if (!sorted) own.sort((a, b) => (offset[a] ?? 0) - (offset[b] ?? 0));
    this.#places[file] = own;
    return own;
  }

  #placesCount = -1;
}

const larger = (array: Uint8Array, length: number): Uint8Array<ArrayBuffer> => {
  const grown = new Uint8Array(length);
  grown.set(array);
  return grown;
};

/** Records may overlap where threads are interleaved: some records before the first that begins in the range are looked at too. */
const overlap = 64;

const firstEndingBehind = ({ columns }: Trace, places: Uint32Array, from: number): number => {
  const first = firstFrom(places.length, (at) => columns.offset[places[at] ?? 0] ?? 0, from);
  return Math.max(0, first - overlap);
};
