import { statSync } from "node:fs";
import type { TraceCall, TraceFile, TraceProgress, TraceRow } from "../../preload/contract/trace.ts";
import { Failure } from "../pkcs11/failure.ts";
import type { RecordBytes, RecordContext } from "./dialects/dialect.ts";
import type { Columns } from "./index/columns.ts";
import { type Part, scanRange } from "./index/scan-range.ts";
import { Store } from "./index/store.ts";
import { indexStretch } from "./indexer.ts";
import { Moves } from "./moves.ts";
import type { Lane, TraceReader } from "./reader.ts";
import { Recent } from "./recent.ts";
import { indexedRow, parseRecord } from "./row.ts";
import { arrange, extend, type RowOrder } from "./rows-in-order.ts";
import { openLog, shownFile, type TraceLog } from "./trace-log.ts";
import { plainLog, type Unwrapped, unwrap } from "./unwrap.ts";
import type { Pool } from "./worker/pool.ts";

/** The first screen is made of so much of a file. */
const firstBytes = 256 * 1024;
/** Progress is told at most this often. */
const tellMilliseconds = 100;
/** Rows of several files are arranged anew at most this often while they are indexed. */
const arrangeMilliseconds = 1000;
/** A packed log is looked at this often while it is unpacked. */
const unpackMilliseconds = 100;

export interface TraceOptions {
  id: string;
  pool: Pool;
  onProgress(progress: TraceProgress): void;
  /** Rows of a live trace that are kept in the index; the oldest go first. The files keep all. */
  maxLiveRows?: number;
}

/** An opened trace: files, their index, and the rows in their order. */
export class Trace implements TraceReader {
  readonly id: string;
  generation = 0;
  /** Grows each time rows that were there before have changed: what was found out about rows must be found out again. */
  revision = 0;
  readonly #options: TraceOptions;
  #store = new Store();
  #logs: TraceLog[] = [];
  readonly #calls = new Recent<number, TraceCall>(4000);
  #state: TraceProgress["state"] = "indexing";
  #message: string | null = null;
  /** null while there is one file, whose slots are its rows. */
  #order: RowOrder | null = null;
  readonly #moves = new Moves();
  #lastTold = 0;
  #telling: NodeJS.Timeout | null = null;
  #lastArranged = 0;
  #live = false;
  /** Logs that had no first line yet. */
  #late: string[] = [];

  constructor(options: TraceOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** Opens logs and indexes the first part of each. @throws FILE_FAILED, BAD_FILE; everything is closed then. */
  async open(sources: readonly { path: string; plain?: Unwrapped }[], live: boolean): Promise<void> {
    this.#live = live;
    try {
      for (const { path, plain } of sources) await this.add(path, plain);
    } catch (thrown) {
      await this.close();
      throw thrown;
    }
    this.#arrange();
  }

  /** Opens plain logs and indexes all of them before it returns: for small ones. @throws FILE_FAILED, BAD_FILE */
  openWhole(paths: readonly string[]): void {
    for (const path of paths) this.#addPlain(path, plainLog(path), Number.POSITIVE_INFINITY);
    this.#state = "done";
    this.#arrange();
  }

  /** Adds a log and indexes its first part. */
  async add(path: string, given?: Unwrapped): Promise<void> {
    const plain = given ?? (await unwrap(path));
    try {
      await unpackedEnough(plain);
      this.#addPlain(path, plain, firstBytes);
    } catch (thrown) {
      await plain.remove();
      throw thrown;
    }
  }

  #addPlain(path: string, plain: Unwrapped, bytes: number): void {
    const opened = openLog(path, plain);
    const { log, dialect, detection } = opened;
    const file = this.#store.addFile(dialect, detection.facts, plain.wrapped.includes("pasted"));
    this.#logs.push(opened);
    const to = Math.min(plain.start + bytes, log.size);
    const growing = this.#live || plain.complete !== null;
    if (to < log.size) this.#options.pool.warm();
    const range = { from: plain.start, to, exact: true, live: growing && to === log.size };
    const part = scanRange(log.fd, dialect, range);
    this.#take(file, part, range.live ? part.resume : to);
    opened.atRecord = range.live;
    opened.expected = part.end.next;
    if (!growing && to === log.size) this.#store.finish(file);
  }

  /** Adds a log that came later. One that is none, or not yet, is tried again with the next bytes. @returns whether it was added. */
  async addLater(path: string): Promise<boolean> {
    try {
      await this.add(path);
    } catch {
      if (!this.#late.includes(path)) this.#late.push(path);
      return false;
    }
    this.#late = this.#late.filter((late) => late !== path);
    this.#arrange();
    this.#tell(false);
    return true;
  }

  /** Indexes what is left; resolves when that is done, has failed or was cancelled. */
  async run(): Promise<void> {
    try {
      for (const file of this.#logs.keys()) await this.#runFile(file);
      if (this.#state === "indexing") this.#state = this.#live ? "following" : "done";
    } catch (thrown) {
      if (this.#state === "indexing") this.#fail(thrown);
    }
    this.#arrange();
    this.#tell(true);
  }

  /** Looks whether the files have grown, and indexes what is new. @returns whether something is. */
  async poll(): Promise<boolean> {
    if (this.#state !== "following") return false;
    let changed = false;
    for (const path of [...this.#late]) changed = (await this.addLater(path)) || changed;
    for (const [file, { log }] of this.#logs.entries()) {
      const now = log.look();
      if (now === "replaced") {
        await this.#reload();
        return true;
      }
      if (now === "grown") {
        await this.#runFile(file);
        changed = true;
      }
    }
    if (changed) {
      this.#dropOldest();
      this.#arrange();
      this.#tell(false);
    }
    return changed;
  }

  cancel(): void {
    if (this.#state === "indexing" || this.#state === "following") this.#state = "cancelled";
  }

  get isLive(): boolean {
    return this.#live;
  }

  async close(): Promise<void> {
    this.cancel();
    if (this.#telling) clearTimeout(this.#telling);
    for (const { log } of this.#logs) log.close();
    await Promise.all(this.#logs.map(({ plain }) => plain.remove()));
  }

  get columns(): Columns {
    return this.#store.columns;
  }
  get names(): readonly string[] {
    return this.#store.names.words;
  }
  get returnCodes(): readonly string[] {
    return this.#store.returnCodes.words;
  }
  get lanes(): readonly Lane[] {
    return this.#store.lanes;
  }
  get logs(): readonly TraceLog[] {
    return this.#logs;
  }
  get files(): readonly TraceFile[] {
    return this.#logs.map(shownFile);
  }
  get rowCount(): number {
    return this.#order?.slots.length ?? this.columns.count;
  }

  /** Slots in the order of rows; null: a row's number is its slot. For loops over all rows. */
  get order(): Uint32Array | null {
    return this.#order?.slots ?? null;
  }

  /** The same with the way back; null as above. */
  get rowOrder(): RowOrder | null {
    return this.#order;
  }

  slot(row: number): number {
    return this.#order ? (this.#order.slots[row] ?? 0) : row;
  }

  rowOf(slot: number): number {
    return this.#order ? (this.#order.rows[slot] ?? 0) : slot;
  }

  /**
   * The number that a row has now.
   * @param generation in which it had the number `row`
   * @returns null if its record is no longer in the index
   */
  rowNow(row: number, generation: number): number | null {
    if (generation === this.generation) return row;
    const slot = this.#moves.slotOf(row, generation);
    return slot === undefined ? row : slot === null ? null : this.rowOf(slot);
  }

  durationIs(file: number): "exact" | "at-most" | "unknown" {
    const durations = this.#logs[file]?.dialect.durations ?? "none";
    return durations === "none" ? "unknown" : durations;
  }

  parse(row: number): TraceCall {
    const call = this.parseSlot(this.slot(row), row);
    return call.row === row ? call : { ...call, row };
  }

  /** Like `parse`, for a slot that may have no row yet. */
  parseSlot(slot: number, row = 0): TraceCall {
    return this.#calls.get(slot, () => parseRecord(this, this.#logOf(slot), slot, row));
  }

  logOf(row: number): TraceLog {
    return this.#logOf(this.slot(row));
  }

  /** The record's bytes, not masked. */
  record(row: number): RecordBytes {
    const slot = this.slot(row);
    return this.#logOf(slot).log.record(this.columns.offset[slot] ?? 0, this.columns.length[slot] ?? 0);
  }

  /** Bytes `from` to `to` of the record, not masked; those too that a long record's bytes leave out. */
  recordPart(row: number, from: number, to: number): Uint8Array {
    const slot = this.slot(row);
    const end = Math.min(to, this.columns.length[slot] ?? 0);
    return this.#logOf(slot).log.read((this.columns.offset[slot] ?? 0) + from, Math.max(0, end - from));
  }

  /** What the dialect is told to parse or mask a row. */
  context(row: number): RecordContext {
    const slot = this.slot(row);
    const { facts, version } = this.#logOf(slot).detection;
    return { row: indexedRow(this, row, slot), facts, version };
  }

  #logOf(slot: number): TraceLog {
    const log = this.#logs[this.lanes[this.columns.lane[slot] ?? 0]?.file ?? 0];
    if (!log) throw new Error(`slot ${slot} has no file`);
    return log;
  }

  /** A row for the list. */
  row(row: number): TraceRow {
    const { fields: _fields, rvNumber: _number, ...shown } = this.parse(row);
    return shown;
  }

  progress(): TraceProgress {
    const bytesTotal = this.#logs.reduce((sum, { log }) => sum + log.size, 0);
    const bytesDone = this.#logs.reduce((sum, { done }) => sum + done, 0);
    const rows = this.rowCount;
    return {
      trace: this.id,
      generation: this.generation,
      rows,
      estimatedRows: bytesDone === 0 ? rows : Math.max(rows, Math.round((rows * bytesTotal) / bytesDone)),
      bytesDone,
      bytesTotal,
      ...this.#store.counts,
      state: this.#state,
      message: this.#message,
    };
  }

  /** Tells listeners how far the trace is, soon. */
  touch(): void {
    this.#tell(false);
  }

  async #runFile(file: number): Promise<void> {
    const opened = this.#logs[file];
    if (!opened) return;
    const { log, plain, dialect } = opened;
    let packed = plain.complete !== null;
    plain.complete?.then(
      () => {
        packed = false;
      },
      (thrown) => {
        packed = false;
        this.#message = messageOf(thrown);
      },
    );
    for (;;) {
      const wasPacked = packed;
      log.look();
      const live = this.#live || wasPacked;
      if (opened.done < log.size) {
        opened.expected = await indexStretch(this.#options.pool, {
          path: log.path,
          dialect,
          from: opened.done,
          to: log.size,
          live,
          exact: opened.atRecord,
          expected: opened.expected,
          append: (part, done) => {
            this.#take(file, part, done);
            opened.atRecord = live && done >= part.resume;
            if (Date.now() - this.#lastArranged > arrangeMilliseconds) this.#arrange();
            this.#tell(false);
          },
          cancelled: () => this.#isStopped(),
        });
      }
      if (this.#isStopped() || !wasPacked) break;
      await new Promise((resolve) => setTimeout(resolve, unpackMilliseconds));
    }
    if (!this.#live && !this.#isStopped()) this.#store.finish(file);
  }

  #isStopped(): boolean {
    return this.#state === "cancelled" || this.#state === "failed";
  }

  #take(file: number, part: Part, done: number): void {
    const opened = this.#logs[file];
    if (!opened) return;
    const { columns } = this.#store;
    if (columns.count === 0 || columns.count + part.columns.count > columns.capacity) this.#reserve(part, done);
    const changed = this.#store.append(file, part);
    opened.done = done;
    if (changed.length > 0) {
      this.revision++;
      this.#calls.clear();
    }
  }

  /** Makes room for what the part lets expect, so that columns are not copied again and again. */
  #reserve(part: Part, done: number): void {
    const { columns } = this.#store;
    const { bytesTotal, bytesDone } = this.progress();
    const rows = columns.count + part.columns.count;
    const bytes = Math.max(1, bytesDone, done);
    columns.reserve(Math.ceil(Math.max(rows, (rows * Math.max(bytesTotal, bytes)) / bytes) * 1.05) + 1024);
  }

  #arrange(): void {
    this.#lastArranged = Date.now();
    if (this.#logs.length < 2 || this.#order?.slots.length === this.columns.count) return;
    const extended = this.#order && extend(this.#order, this.columns, this.lanes, this.#logs.length);
    if (extended) {
      this.#order = extended;
      return;
    }
    this.#moves.remember(this.generation, this.order);
    this.#order = arrange(this.columns, this.lanes, this.#logs.length);
    this.generation++;
    this.revision++;
  }

  /** Keeps a live trace within memory: the oldest quarter goes when it is full. */
  #dropOldest(): void {
    const limit = this.#options.maxLiveRows ?? 4_000_000;
    if (this.columns.count <= limit) return;
    this.#moves.remember(this.generation, this.order);
    const dropped = this.columns.count - Math.floor((limit * 3) / 4);
    this.#store.dropFirst(dropped);
    this.#moves.drop(dropped);
    this.#order = null;
    this.#calls.clear();
    this.generation++;
    this.revision++;
  }

  /** Reads all files again from their starts. */
  async #reload(): Promise<void> {
    const sources = this.#logs.map(({ path, plain }) => ({ path, plain }));
    for (const { log } of this.#logs) log.close();
    this.#logs = [];
    this.#store = new Store();
    this.#order = null;
    this.#moves.forget();
    this.#calls.clear();
    this.#state = "indexing";
    try {
      // A file that was truncated may be empty or gone for a moment: the others are shown.
      for (const { path, plain } of sources) await this.add(path, plain).catch(() => {});
    } finally {
      this.generation++;
      this.revision++;
      await this.run();
    }
  }

  #fail(thrown: unknown): void {
    this.#state = "failed";
    this.#message = messageOf(thrown);
  }

  #tell(now: boolean): void {
    const wait = this.#lastTold + tellMilliseconds - Date.now();
    if (now || wait <= 0) {
      if (this.#telling) clearTimeout(this.#telling);
      this.#telling = null;
      this.#lastTold = Date.now();
      this.#options.onProgress(this.progress());
    } else this.#telling ??= setTimeout(() => this.#tell(true), wait);
  }
}

/** What went wrong while a log was read, in a sentence. */
const messageOf = (thrown: unknown): string => {
  if (thrown instanceof Failure) return thrown.data.message;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  // Errors of the system come from worker threads as their text: "ENOENT: no such file or directory, open '...'".
  if (/^ENOENT\b/.test(text)) return "The log is gone: it was moved or deleted while it was read.";
  const [, code, what] = /^(E[A-Z]+): ([^,]+)/.exec(text) ?? [];
  return code ? `The log could not be read further: ${what} (${code}).` : text;
};

/** Waits until a packed log is unpacked far enough for its first screen. @throws what unpacking failed with */
const unpackedEnough = async ({ path, complete }: Unwrapped): Promise<void> => {
  if (!complete) return;
  let ended = false;
  const end = complete.finally(() => {
    ended = true;
  });
  while (!ended && statSync(path).size < firstBytes)
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 10))]);
  if (ended && statSync(path).size === 0) await complete;
  end.catch(() => {});
};
