/** Ids of a dictionary fit into 16 bits. What does not fit any more is {@link overflowId}: a hostile log cannot fill memory. */
export const overflowId = 0xffff;
const overflowText = "(further ones)";

const decoder = new TextDecoder();

/** FNV-1a, 32 bits. */
const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash >>> 0;
};

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
  /** Ids of words that were asked for lately, by their length and last bytes: most words come again and again. */
  readonly #recent = new Uint16Array(256);

  /** @returns the id of the word, which is added if it is new. */
  id(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    return this.#add(word, Buffer.from(word));
  }

  /** The id of the word that stands in `bytes` from `from` up to `to`, as UTF-8. At most 256 bytes of it count. */
  idOfBytes(bytes: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + 256);
    if (end <= from) return 0;
    const place = (end - from + (bytes[end - 1] ?? 0) * 3 + (bytes[(from + end) >> 1] ?? 0) * 5) & 0xff;
    const recent = this.#recent[place] ?? 0;
    if (recent !== 0 && this.#same(recent, bytes, from, end)) return recent;
    const id = this.#find(bytes, from, end);
    this.#recent[place] = id;
    return id;
  }

  #find(bytes: Uint8Array, from: number, end: number): number {
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
