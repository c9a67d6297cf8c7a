/** Bytes to a word that are looked at together. */
const wordBytes = 4;
/** A newline in each byte of a word. */
const pattern = 0x0a0a0a0a;

/**
 * Finds newlines in bytes, four bytes at a time: twice as fast as byte by byte, and without the cost of a call into Node
 * for each line that `indexOf` has. The trick with the carries of a subtraction: Warren, Hacker's Delight, 6-1. Words are
 * little-endian on every machine that Node and Electron run on.
 */
export class Newlines {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** Bytes of the first word that stand in front of the bytes. */
  readonly #shift: number;

  constructor(bytes: Uint8Array) {
    const from = bytes.byteOffset & -wordBytes;
    const to = (bytes.byteOffset + bytes.byteLength) & -wordBytes;
    this.#bytes = bytes;
    this.#shift = bytes.byteOffset - from;
    this.#words = new Int32Array(bytes.buffer, from, Math.max(0, to - from) / wordBytes);
  }

  /** @returns where the first newline from `at` on stands; the number of bytes if there is none. */
  next(at: number): number {
    const words = this.#words;
    const place = at + this.#shift;
    let word = place >> 2;
    if (word < words.length) {
      const first = (words[word] ?? 0) ^ pattern;
      // Exact for each byte of the word, as those in front of `at` do not count.
      let found =
        ~(((first & 0x7f7f7f7f) + 0x7f7f7f7f) | first | 0x7f7f7f7f) & (-1 << ((place & (wordBytes - 1)) << 3));
      while (found === 0) {
        if (++word >= words.length) return this.#tail(word);
        const next = (words[word] ?? 0) ^ pattern;
        // Exact for the lowest byte that it finds, which is the one that is wanted.
        found = (next - 0x01010101) & ~next & -0x7f7f7f80;
      }
      return (word << 2) + ((31 - Math.clz32(found & -found)) >> 3) - this.#shift;
    }
    return this.#tail(word, at);
  }

  /** Byte by byte from a word on, or from `at` in it. */
  #tail(word: number, at = (word << 2) - this.#shift): number {
    const bytes = this.#bytes;
    let i = at;
    while (i < bytes.length && bytes[i] !== 0x0a) i++;
    return i;
  }
}
