const maxLength = 0xffffffff;

/**
 * The index of a log: one number a record in each of eleven typed arrays, 38 bytes a record, and never an object or a
 * string for each record. Words (function names, return codes, threads) are ids of dictionaries.
 */
export class Columns {
  /** Records in use; the arrays are longer. */
  count = 0;
  /** Where the record begins in its file, bytes. */
  offset: Float64Array;
  /** Bytes of the record; of interleaved ones up to the end of their last line. Records over 4 GiB: {@link maxLength}. */
  length: Uint32Array;
  /** Start, microseconds since the epoch (or midnight, if the log has no day) with fractions; NaN: none. */
  time: Float64Array;
  /** ns; NaN: unknown. Exact or an upper bound: the dialect says. */
  duration: Float32Array;
  /** Id of the function or message name. */
  name: Uint16Array;
  /** Id of the return code's name; 0: none in the log. */
  rv: Uint16Array;
  /** Id of the lane: file, process and thread together. */
  lane: Uint16Array;
  /** Session handle folded to 32 bits ({@link foldHandle}); 0: none. */
  session: Uint32Array;
  /** Marks and outcome (flags.ts). */
  flags: Uint16Array;
  kind: Uint8Array;
  /** Nesting, 0 to 255. */
  depth: Uint8Array;

  readonly #shared: boolean;

  /** @param shared in memory that other threads see, for columns that are not given away */
  constructor(capacity = 1024, shared = false) {
    this.#shared = shared;
    this.offset = new Float64Array(capacity);
    this.length = new Uint32Array(capacity);
    this.time = new Float64Array(capacity);
    this.duration = new Float32Array(capacity);
    this.name = new Uint16Array(capacity);
    this.rv = new Uint16Array(capacity);
    this.lane = new Uint16Array(capacity);
    this.session = new Uint32Array(capacity);
    this.flags = new Uint16Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.depth = new Uint8Array(capacity);
  }

  get capacity(): number {
    return this.length.length;
  }

  /** Adds an empty record (no time, no duration) at an offset. @returns its slot, through which its columns are set. */
  add(offset: number): number {
    if (this.count === this.capacity) this.reserve(Math.ceil(this.capacity * 1.5) + 1024);
    const slot = this.count++;
    this.offset[slot] = offset;
    this.length[slot] = 0;
    this.time[slot] = Number.NaN;
    this.duration[slot] = Number.NaN;
    this.name[slot] = 0;
    this.rv[slot] = 0;
    this.lane[slot] = 0;
    this.session[slot] = 0;
    this.flags[slot] = 0;
    this.kind[slot] = 0;
    this.depth[slot] = 0;
    return slot;
  }

  /** Adds a whole call. @returns its slot. */
  addCall(
    offset: number,
    length: number,
    time: number,
    name: number,
    rv: number,
    lane: number,
    session: number,
  ): number {
    if (this.count === this.capacity) this.reserve(Math.ceil(this.capacity * 1.5) + 1024);
    const slot = this.count++;
    this.offset[slot] = offset;
    this.length[slot] = Math.min(length, maxLength);
    this.time[slot] = time;
    this.duration[slot] = Number.NaN;
    this.name[slot] = name;
    this.rv[slot] = rv;
    this.lane[slot] = lane;
    this.session[slot] = session;
    this.flags[slot] = 0;
    this.kind[slot] = 0;
    this.depth[slot] = 0;
    return slot;
  }

  /** Adds marks to a record. */
  mark(slot: number, bits: number): void {
    this.flags[slot] = (this.flags[slot] ?? 0) | bits;
  }

  /** Sets the length of a record, however long it is. */
  setLength(slot: number, length: number): void {
    this.length[slot] = Math.min(length, maxLength);
  }

  /** Makes room for so many records. One column at a time: at no time are all of them there twice. */
  reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    for (const column of columnNames) this.#setColumn(column, grown(this[column], capacity, this.count, this.#shared));
  }

  /** Puts a record of a part in place of the one in `slot`. */
  copyOver(slot: number, part: Columns, from: number): void {
    for (const column of columnNames) this[column][slot] = part[column][from] ?? 0;
  }

  /** Takes records out. @param slots in ascending order. */
  remove(slots: readonly number[]): void {
    let to = slots[0] ?? this.count;
    let next = 0;
    for (let from = to; from < this.count; from++) {
      if (slots[next] === from) next++;
      else this.copyOver(to++, this, from);
    }
    this.count = to;
  }

  /** Takes the first records away. What is left moves to other memory: somebody may still be reading in this. */
  dropFirst(count: number): void {
    const left = this.count - count;
    for (const column of columnNames)
      this.#setColumn(column, grown(this[column].subarray(count), this.capacity - count, left, this.#shared));
    this.count = left;
  }

  /** Appends a part, column by column. Its words must have been renumbered. */
  append(part: Columns): void {
    const needed = this.count + part.count;
    if (needed > this.capacity) this.reserve(Math.max(needed, Math.ceil(this.capacity * 1.5)));
    for (const column of columnNames)
      (this[column] as Uint8Array).set(part[column].subarray(0, part.count) as Uint8Array, this.count);
    this.count = needed;
  }

  #setColumn(name: ColumnName, value: Column): void {
    (this as unknown as Record<ColumnName, Column>)[name] = value;
  }
}

/** Plain form of columns, for passing them between threads. */
export type ColumnsData = { count: number } & { [N in ColumnName]: Columns[N] };

/** @returns the columns and the buffers that can be given away with them. */
export const packColumns = (columns: Columns): { data: ColumnsData; buffers: ArrayBuffer[] } => {
  const data = { count: columns.count } as Record<string, unknown>;
  for (const name of columnNames) data[name] = columns[name];
  return {
    data: data as unknown as ColumnsData,
    buffers: columnNames.map((name) => columns[name].buffer as ArrayBuffer),
  };
};

/** The reverse of {@link packColumns}. */
export const unpackColumns = (data: ColumnsData): Columns => Object.assign(new Columns(0), data);

/** Folds a handle to 32 bits. Handles are small but for few modules; two may then look alike to a filter by session. */
export const foldHandle = (handle: number): number =>
  handle < 4294967296 ? handle >>> 0 : ((handle % 4294967296) ^ (handle / 4294967296)) >>> 0;

const columnNames = [
  "offset",
  "length",
  "time",
  "duration",
  "name",
  "rv",
  "lane",
  "session",
  "flags",
  "kind",
  "depth",
] as const;
type ColumnName = (typeof columnNames)[number];
type Column = Columns[ColumnName];

const grown = <C extends Column>(column: C, capacity: number, used: number, shared: boolean): C => {
  const bytes = capacity * column.BYTES_PER_ELEMENT;
  const memory = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  const larger = new (column.constructor as new (memory: ArrayBufferLike) => C)(memory);
  (larger as Uint8Array).set(column.subarray(0, used) as Uint8Array);
  return larger;
};
