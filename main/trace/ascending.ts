/** Numbers that are found one after the other, without knowing how many there will be. */
export class NumberList {
  #values = new Uint32Array(1024);
  #count = 0;

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Uint32Array(this.#count * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  /** @returns a copy of what was added. */
  get values(): Uint32Array {
    return this.#values.slice(0, this.#count);
  }
}

/** @returns the first of ascending values that is not below `limit`; how many there are, if all are. */
export const firstFrom = (count: number, valueAt: (at: number) => number, limit: number): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
};
