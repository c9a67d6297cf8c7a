/** How rows were numbered in one generation of a trace. */
interface Numbering {
  generation: number;
  /** Slot of each row; null: a row's number was its slot. */
  slots: Uint32Array | null;
  /** Records that had been dropped from the index's start: slots count from there. */
  dropped: number;
}

/** Numberings that are remembered: whoever has an older number asks too late. */
const kept = 3;

/**
 * What became of a row whose number was read before rows moved: a person has chosen a record, not a number.
 * Rows move when files are merged while their index grows, and when a live trace drops its oldest records.
 */
export class Moves {
  #known: Numbering[] = [];
  #dropped = 0;

  /** To be told how rows were numbered, before they get other numbers. */
  remember(generation: number, slots: Uint32Array | null): void {
    this.#known = [...this.#known.slice(1 - kept), { generation, slots, dropped: this.#dropped }];
  }

  /** The first records have gone from the index. */
  drop(count: number): void {
    this.#dropped += count;
  }

  /** The files are read anew: nothing of before is known. */
  forget(): void {
    this.#known = [];
    this.#dropped = 0;
  }

  /**
   * @param row its number in `generation`
   * @returns its slot now; null: it is gone; undefined: that generation is not remembered, or has no such row
   */
  slotOf(row: number, generation: number): number | null | undefined {
    const then = this.#known.find((one) => one.generation === generation);
    const slot = then?.slots ? then.slots[row] : row;
    if (!then || slot === undefined) return undefined;
    const now = slot + then.dropped - this.#dropped;
    return now < 0 ? null : now;
  }
}
