/** A newline in each byte of a word. */
const pattern = 0x0a0a0a0a;

/** Where the lowest byte that is zero stands in a word in which one is. Warren, Hacker's Delight, 6-1. */
const zeroIn = (word: number): number => (word - 0x01010101) & ~word & -0x7f7f7f80;

/** Bytes to be looked for at a place, four of them in a number. */
export interface WideWord {
  length: number;
  parts: Int32Array;
  /** What counts of the last part. */
  mask: number;
}

/** @param bytes one at least */
export const wideWord = (bytes: Uint8Array): WideWord => {
  const padded = new DataView(new ArrayBuffer((bytes.length + 3) & ~3));
  for (const [at, byte] of bytes.entries()) padded.setUint8(at, byte);
  const parts = Int32Array.from({ length: padded.byteLength / 4 }, (_, at) => padded.getInt32(at * 4, true));
  return { length: bytes.length, parts, mask: (-1 >>> ((padded.byteLength - bytes.length) * 8)) | 0 };
};

/**
 * Bytes of a log, looked at four and eight at a time: twice as fast as byte by byte, and without what each call of
 * `indexOf` or `compare` into Node costs, of which an index of a large log would make 30 million.
 */
export class WideBytes {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @returns where the first newline from `at` on stands; the number of bytes, or `at` if that is more, if there is none. */
  newline(at: number): number {
    const view = this.#view;
    const last = view.byteLength - 8;
    let place = at;
    while (place <= last) {
      const low = zeroIn(view.getInt32(place, true) ^ pattern);
      const high = zeroIn(view.getInt32(place + 4, true) ^ pattern);
      if (low !== 0) return place + firstByte(low);
      if (high !== 0) return place + 4 + firstByte(high);
      place += 8;
    }
    while (place < view.byteLength && view.getUint8(place) !== 0x0a) place++;
    return place;
  }

  /** @returns whether a word stands at a place. */
  has(at: number, { length, parts, mask }: WideWord): boolean {
    const view = this.#view;
    const last = parts.length - 1;
    if (at + parts.length * 4 > view.byteLength) return this.#hasAtEnd(at, length, parts);
    for (let i = 0; i < last; i++) if (view.getInt32(at + i * 4, true) !== parts[i]) return false;
    return ((view.getInt32(at + last * 4, true) ^ (parts[last] ?? 0)) & mask) === 0;
  }

  /** Byte by byte, where a whole part would reach over the end. */
  #hasAtEnd(at: number, length: number, parts: Int32Array): boolean {
    if (at + length > this.#view.byteLength) return false;
    for (let i = 0; i < length; i++)
      if (this.#view.getUint8(at + i) !== (((parts[i >> 2] ?? 0) >> ((i & 3) * 8)) & 0xff)) return false;
    return true;
  }
}

/** The byte, from the low end, in which the lowest bit of a word that is not zero stands. */
const firstByte = (word: number): number => (31 - Math.clz32(word & -word)) >> 3;
