import type { Mask } from "../dialects/dialect.ts";
import type { RecordMasks } from "./sanitise.ts";

/** Counts what an export has masked, for its report. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(what: string, times = 1): void {
    if (times > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  /** A value in several rows counts once; a name inside of what is secret does not count. */
  addMasks({ names, secrets }: RecordMasks): void {
    const isHidden = ({ from, to }: Mask) => secrets.some((secret) => secret.from < to && from < secret.to);
    for (const masks of [secrets, names.filter((mask) => !isHidden(mask))]) {
      let before: Mask | null = null;
      for (const mask of masks) {
        const isSameValue = before?.what === mask.what && mask.from - before.to <= 2 && mask.from >= before.to;
        if (!isSameValue) this.add(mask.what);
        before = mask;
      }
    }
  }

  /** The most frequent first. */
  get list(): { what: string; count: number }[] {
    return [...this.#counts].map(([what, count]) => ({ what, count })).sort((a, b) => b.count - a.count);
  }
}
