import { type WideBytes, type WideWord, wideWord } from "./wide-bytes.ts";

/** Ids of a dictionary fit into 16 bits. What does not fit any more is {@link overflowId}: a hostile log cannot fill memory. */
export const overflowId = 0xffff;
const overflowText = "(further ones)";

const decoder = new TextDecoder();
/** Bytes of a word that count. */
const longest = 256;

/** FNV-1a, 32 bits. */
const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash >>> 0;
};

/** Where a word is kept among those that were asked for lately. */
const placeOf = (bytes: Uint8Array, from: number, to: number): number =>
  Math.imul(
    (bytes[to - 1] ?? 0) + ((bytes[(from + to) >> 1] ?? 0) << 8) + ((bytes[from + 6] ?? 0) << 16) + (to - from),
    0x9e3779b1,
  ) >>> 22;

/**
 * Numbers for the few different words that a column holds (function names, return codes, threads). Looks words up by
 * their bytes, so that a scanner makes a string once for each different word and none for each record.
 * Id 0 is the empty word: "there is none".
 */
export class Dictionary {
  readonly words: string[] = [""];
  readonly #ids = new Map<string, number>([["", 0]]);
  /** Open addressing over hashes of bytes; entries are ids + 1. */
  #table = new Uint16Array(1024);
  #hashes = new Uint32Array(1024);
  readonly #bytes: Uint8Array[] = [new Uint8Array(0)];
  /** Words that were asked for lately, by their length and some of their bytes, with their ids: most come again and again. */
  readonly #recent: (WideWord | undefined)[] = new Array(1024).fill(undefined);
  readonly #recentIds = new Uint16Array(1024);

  /** @returns the id of the word, which is added if it is new. */
  id(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    return this.#add(word, Buffer.from(word));
  }

  /** Like {@link idOfBytes}, four times as fast for a word that was asked for lately. */
  idOfWide(wide: WideBytes, from: number, to: number): number {
    const known = this.recentId(wide, from, to);
    if (known !== 0 || to <= from) return known;
    const { bytes } = wide;
    const id = this.idOfBytes(bytes, from, to);
    if (to - from <= longest) {
      const place = placeOf(bytes, from, to);
      this.#recent[place] = wideWord(bytes.subarray(from, to));
      this.#recentIds[place] = id;
    }
    return id;
  }

  /** @returns the id of the word, if it was asked for lately by {@link idOfWide}; else 0. */
  recentId(wide: WideBytes, from: number, to: number): number {
    const place = placeOf(wide.bytes, from, to);
    const word = this.#recent[place];
    return word && word.length === to - from && wide.has(from, word) ? (this.#recentIds[place] ?? 0) : 0;
  }

  /** The id of the word that stands in `bytes` from `from` up to `to`, as UTF-8. At most 256 bytes of it count. */
  idOfBytes(bytes: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + longest);
    if (end <= from) return 0;
    const hash = hashOf(bytes, from, end);
    const mask = this.#table.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const entry = this.#table[place] ?? 0;
      if (entry === 0) break;
      if (this.#hashes[place] === hash && this.#same(entry, bytes, from, end)) return entry;
    }
    const word = decoder.decode(bytes.subarray(from, end));
    const known = this.#ids.get(word);
    // Two spellings in bytes that decode alike (damaged UTF-8): the first one's id.
    if (known !== undefined) return known;
    // Not slice(): that of a Buffer shares the bytes of a chunk that is read over.
    return this.#add(word, Uint8Array.from(bytes.subarray(from, end)));
  }

  #same(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const own = this.#bytes[id];
    if (!own || own.length !== to - from) return false;
    for (let i = 0; i < own.length; i++) if (own[i] !== bytes[from + i]) return false;
    return true;
  }

  #add(word: string, bytes: Uint8Array): number {
    const id = this.words.length;
    if (id >= overflowId - 1) {
      this.words[overflowId] = overflowText;
      return overflowId;
    }
    this.words.push(word);
    this.#ids.set(word, id);
    this.#bytes.push(bytes);
    if (id * 2 > this.#table.length) this.#grow();
    this.#place(id);
    return id;
  }

  #grow(): void {
    this.#table = new Uint16Array(this.#table.length * 2);
    this.#hashes = new Uint32Array(this.#table.length);
    for (let id = 1; id < this.#bytes.length - 1; id++) this.#place(id);
  }

  #place(id: number): void {
    const bytes = this.#bytes[id] ?? new Uint8Array(0);
    const hash = hashOf(bytes, 0, bytes.length);
    const mask = this.#table.length - 1;
    let place = hash & mask;
    while ((this.#table[place] ?? 0) !== 0) place = (place + 1) & mask;
    this.#table[place] = id;
    this.#hashes[place] = hash;
  }
}
