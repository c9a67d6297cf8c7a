import { failure } from "../pkcs11/failure.ts";
import { firstFrom, NumberList } from "./ascending.ts";
import { type Condition, conditionOf, evaluate, newMask, textTests } from "./filter/evaluate.ts";
import { FilterError, parseFilter } from "./filter/syntax.ts";
import { TextSearch } from "./filter/text-search.ts";
import { type Folds, foldRows } from "./folding.ts";
import type { Trace } from "./trace.ts";
import type { Pool } from "./worker/pool.ts";

/** The rows that a filter lets through, in their order. */
export interface MatchingRows {
  /** null: all rows. */
  rows: Uint32Array | null;
  count: number;
  searching: boolean;
}

interface Kept {
  condition: Condition | null;
  searches: Map<string, TextSearch>;
  /** What the rows were made from; made again when it is not so any more. */
  madeFrom: string;
  rows: Uint32Array | null;
}

const maxKept = 6;
/** A search that is waited for is looked at this often. */
const lookMilliseconds = 20;

/** Filters and folds of one trace; what was found out is kept until rows change. */
export class TraceRows {
  readonly #trace: Trace;
  readonly #pool: Pool;
  readonly #kept = new Map<string, Kept>();
  /** What passes is found out in here, again and again while a text is searched. */
  #mask = newMask(0);
  #folds: { madeFrom: string; folds: Folds } | null = null;

  constructor(trace: Trace, pool: Pool) {
    this.#trace = trace;
    this.#pool = pool;
  }

  /** @throws INVALID_REQUEST, naming the place, if the filter is not valid. */
  matching(filter: string, fold: boolean): MatchingRows {
    const kept = this.#keptFor(filter, fold);
    const searches = [...kept.searches.values()];
    for (const search of searches) search.run();
    if (!kept.condition && !fold) return { rows: null, count: this.#trace.rowCount, searching: false };
    const madeFrom = `${this.#version()} ${searches.map(({ progress }) => progress).join(" ")}`;
    if (kept.madeFrom !== madeFrom) {
      kept.rows = this.#make(kept, fold);
      kept.madeFrom = madeFrom;
    }
    return {
      rows: kept.rows,
      count: kept.rows?.length ?? this.#trace.rowCount,
      searching: searches.some(({ searching }) => searching),
    };
  }

  /** Like `matching`, when all records have been searched. */
  async matchingAll(filter: string): Promise<MatchingRows> {
    for (;;) {
      const matching = this.matching(filter, false);
      if (!matching.searching) return matching;
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  }

  get folds(): Folds {
    const madeFrom = this.#version();
    if (this.#folds?.madeFrom !== madeFrom) this.#folds = { madeFrom, folds: foldRows(this.#trace) };
    return this.#folds.folds;
  }

  close(): void {
    for (const { searches } of this.#kept.values()) for (const search of searches.values()) search.stop();
    this.#kept.clear();
  }

  #version(): string {
    return `${this.#trace.revision} ${this.#trace.generation} ${this.#trace.rowCount}`;
  }

  #keptFor(filter: string, fold: boolean): Kept {
    const key = `${fold} ${filter}`;
    let kept = this.#kept.get(key);
    if (kept) this.#kept.delete(key);
    else {
      const condition = checked(filter);
      const searches = new Map(
        (condition ? textTests(condition) : []).map((test) => [
          `${test.field} ${test.text}`,
          new TextSearch(this.#trace, this.#pool, test.text, test.field),
        ]),
      );
      kept = { condition, searches, madeFrom: "", rows: null };
    }
    this.#kept.set(key, kept);
    for (const [oldest, { searches }] of this.#kept) {
      if (this.#kept.size <= maxKept) break;
      for (const search of searches.values()) search.stop();
      this.#kept.delete(oldest);
    }
    return kept;
  }

  #make({ condition, searches }: Kept, fold: boolean): Uint32Array {
    const trace = this.#trace;
    const { count } = trace.columns;
    if (this.#mask.length !== count) this.#mask = newMask(count);
    const answers = ({ field, text }: { field: string; text: string }) => {
      const search = searches.get(`${field} ${text}`);
      if (!search) throw new Error("a text without a search");
      return search;
    };
    const passes = condition ? evaluate(condition, trace, answers, this.#mask) : this.#mask.fill(1);
    if (fold) {
      const { hidden } = this.folds;
      for (let slot = 0; slot < count; slot++) if (hidden[slot]) passes[slot] = 0;
    }
    return rowsOf(trace, passes);
  }
}

/** The rows whose slots pass. Mostly few do: four that do not are passed over at once. */
const rowsOf = ({ order, rowCount }: Trace, passes: Uint8Array): Uint32Array => {
  if (order) {
    const rows = new NumberList();
    for (let row = 0; row < rowCount; row++) if (passes[order[row] ?? 0] === 1) rows.add(row);
    return rows.values;
  }
  const four = new Uint32Array(passes.buffer, 0, (passes.length + 3) >> 2);
  let matched = 0;
  // The sum of the word's bytes, each of which is 1 or 0; 0 behind the last slot.
  for (let i = 0; i < four.length; i++) matched += Math.imul(four[i] ?? 0, 0x01010101) >>> 24;
  const rows = new Uint32Array(matched);
  let used = 0;
  for (let i = 0; i < four.length; i++) {
    if (four[i] === 0) continue;
    for (let row = i * 4; row < i * 4 + 4; row++) if (passes[row] === 1) rows[used++] = row;
  }
  return rows;
};

const checked = (filter: string): Condition | null => {
  try {
    const node = parseFilter(filter);
    return node && conditionOf(node);
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown;
    throw failure("INVALID_REQUEST", {
      where: `filter, from character ${thrown.from + 1}`,
      message: thrown.message,
      remedy: 'For example: fn:C_Sign rv!=CKR_OK dur>50ms session:0x1 label:"my key"',
      details: { from: thrown.from, to: thrown.to },
    });
  }
};

/** The rows of one page of a list. @returns what `show` makes of them; fewer at the end. */
export const pageOf = <T>({ rows, count }: MatchingRows, from: number, size: number, show: (row: number) => T): T[] =>
  Array.from({ length: Math.max(0, Math.min(size, count - from)) }, (_, i) =>
    show(rows ? (rows[from + i] ?? 0) : from + i),
  );

/** @returns where a row stands among ascending rows, or would stand. */
export const positionIn = (rows: Uint32Array, row: number): { position: number; exact: boolean } => {
  const position = firstFrom(rows.length, (at) => rows[at] ?? 0, row);
  return { position, exact: rows[position] === row };
};
