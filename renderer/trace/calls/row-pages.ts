import type { Output } from "../../../preload/contract/index.ts";
import type { TraceRow } from "../../../preload/contract/trace.ts";

type Reply = Output<"trace.rows">;

/** Rows asked for at once. */
export const pageSize = 100;
/** Pages that are kept: 30,000 rows. */
const maxPages = 300;
/** Requests under way at once: what a fling rushes past is not asked for. */
const maxUnderWay = 2;

interface Page {
  rows: TraceRow[];
  stale: boolean;
}

/**
 * The rows of one view of a trace (a filter, folded or not), fetched in pages as they come into sight. Old rows stay
 * until their newer ones are there, so that nothing flickers.
 */
export class RowPages {
  matched = 0;
  total = 0;
  searching = false;
  /** Whether a reply has come. */
  known = false;
  /** Why the last request failed. */
  error: unknown = null;
  /** Grows with each change. */
  version = 0;

  readonly #ask: (from: number, count: number) => Promise<Reply>;
  readonly #changed: () => void;
  readonly #pages = new Map<number, Page>();
  readonly #underWay = new Set<number>();
  #wanted: [number, number] = [0, 0];
  #askCount = false;
  #closed = false;

  constructor(ask: (from: number, count: number) => Promise<Reply>, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** Rows that are known already, from the first one on; the next page will be asked for all the same. */
  seed(rows: TraceRow[]): void {
    if (rows.length === 0) return;
    this.#pages.set(0, { rows, stale: true });
    this.matched = this.total = rows.length;
    this.known = true;
  }

  /** @returns the row at a position of the view; undefined while it is not there yet. */
  at(position: number): TraceRow | undefined {
    return this.#pages.get(Math.floor(position / pageSize))?.rows[position % pageSize];
  }

  /** Positions that are in sight: from, up to and without to. Asks for those that are missing. */
  want(from: number, to: number): void {
    this.#wanted = [from, to];
    this.#pump();
  }

  /** More rows have come at the end; with `moved`, all may have other numbers. */
  grown(moved: boolean): void {
    for (const page of this.#pages.values()) if (moved || page.rows.length < pageSize) page.stale = true;
    this.#askCount = true;
    this.#pump();
  }

  close(): void {
    this.#closed = true;
  }

  #pump(): void {
    const pages = this.#missing();
    for (const page of pages) {
      if (this.#underWay.size >= maxUnderWay) return;
      void this.#fetch(page);
    }
    // The number of rows alone: it comes with the last page.
    if (pages.length === 0 && this.#askCount && this.#underWay.size === 0)
      void this.#fetch(Math.floor(this.matched / pageSize));
  }

  #missing(): number[] {
    const [from, to] = this.#wanted;
    const first = Math.floor(Math.max(0, from) / pageSize);
    const last = Math.floor(Math.max(0, to - 1) / pageSize);
    const pages: number[] = [];
    for (let page = first; page <= last; page++) {
      const kept = this.#pages.get(page);
      const there = kept && !kept.stale;
      if (!there && !this.#underWay.has(page) && (page === 0 || page * pageSize < this.matched || !this.known))
        pages.push(page);
    }
    return pages;
  }

  async #fetch(page: number): Promise<void> {
    this.#underWay.add(page);
    this.#askCount = false;
    const kept = this.#pages.get(page);
    if (kept) kept.stale = false;
    try {
      const reply = await this.#ask(page * pageSize, pageSize);
      if (this.#closed) return;
      // Marked stale again meanwhile: newer rows follow.
      const again = this.#pages.get(page)?.stale ?? false;
      this.#pages.delete(page);
      this.#pages.set(page, { rows: reply.rows, stale: again });
      this.#forget();
      this.matched = reply.matched;
      this.total = reply.total;
      this.searching = reply.searching;
      this.known = true;
      this.error = null;
    } catch (thrown) {
      if (this.#closed) return;
      this.error = thrown;
    } finally {
      this.#underWay.delete(page);
    }
    this.version++;
    this.#changed();
    if (!this.error) this.#pump();
  }

  /** The pages that were fetched longest ago go first; those in sight stay. */
  #forget(): void {
    const [from, to] = this.#wanted;
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= maxPages) return;
      if ((page + 1) * pageSize <= from || page * pageSize >= to) this.#pages.delete(page);
    }
  }
}
