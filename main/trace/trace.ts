import type { TraceCall, TraceFile, TraceProgress, TraceRow } from "../../preload/contract/trace.ts";
import { failure } from "../pkcs11/failure.ts";
import { detectDialect } from "./dialects/all.ts";
import type { Detection, Dialect, RecordBytes } from "./dialects/dialect.ts";
import type { Columns } from "./index/columns.ts";
import { scanRange } from "./index/scan-range.ts";
import { Store } from "./index/store.ts";
import { LogFile } from "./log-file.ts";
import { mergeByTime } from "./order.ts";
import type { Lane, TraceReader } from "./reader.ts";
import { Recent } from "./recent.ts";
import { indexedRow } from "./row.ts";

/** Bytes at the start of a file by which its dialect is known. */
const headBytes = 64 * 1024;
/** The first screen is made of so much of a file. */
const firstBytes = 256 * 1024;
const rangeBytes = 16 * 1024 * 1024;

/** One file of an opened trace. */
interface OpenFile {
  log: LogFile;
  dialect: Dialect;
  detection: Detection;
  /** Bytes that are indexed. */
  done: number;
  wrapped: string[];
}

/** An opened trace: files, their index, and the rows in their order. */
export class Trace implements TraceReader {
  readonly id: string;
  generation = 0;
  readonly #store = new Store();
  readonly #files: OpenFile[] = [];
  readonly #calls = new Recent<number, TraceCall>(4000);
  readonly #onProgress: (progress: TraceProgress) => void;
  #state: TraceProgress["state"] = "indexing";
  #message: string | null = null;
  /** Slots in the order of rows; null while there is one file, where both are the same. */
  #order: Uint32Array | null = null;
  #rows: Uint32Array | null = null;

  constructor(id: string, onProgress: (progress: TraceProgress) => void) {
    this.id = id;
    this.#onProgress = onProgress;
  }

  /** Opens files and indexes their first part. @throws FILE_FAILED, BAD_FILE */
  open(paths: readonly string[]): void {
    try {
      for (const path of paths) this.#openFile(path);
    } catch (thrown) {
      this.close();
      throw thrown;
    }
    for (const [file] of this.#files.entries()) this.#index(file, firstBytes);
    this.#arrange();
  }

  /** Indexes what is left; resolves when done or cancelled. */
  async run(): Promise<void> {
    for (const [file, { log }] of this.#files.entries())
      while (this.#state === "indexing" && (this.#files[file]?.done ?? log.size) < log.size) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#state !== "indexing") break;
        this.#index(file, rangeBytes);
        this.#onProgress(this.progress());
      }
    if (this.#state === "indexing") this.#state = "done";
    this.#arrange();
    this.#onProgress(this.progress());
  }

  cancel(): void {
    if (this.#state === "indexing") this.#state = "cancelled";
  }

  close(): void {
    this.cancel();
    for (const { log } of this.#files) log.close();
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
  get rowCount(): number {
    return this.#order?.length ?? this.columns.count;
  }

  get files(): readonly TraceFile[] {
    return this.#files.map(({ log, dialect, detection, wrapped }) => ({
      path: log.path,
      dialect: dialect.name,
      version: detection.version,
      bytes: log.size,
      limits: detection.limits,
      wrapped,
      ...detection.facts,
    }));
  }

  slot(row: number): number {
    return this.#order ? (this.#order[row] ?? 0) : row;
  }

  rowOf(slot: number): number {
    return this.#rows ? (this.#rows[slot] ?? 0) : slot;
  }

  durationIs(file: number): "exact" | "at-most" | "unknown" {
    const durations = this.#files[file]?.dialect.durations ?? "none";
    return durations === "none" ? "unknown" : durations;
  }

  parse(row: number): TraceCall {
    const call = this.#calls.get(this.slot(row), () => {
      const indexed = indexedRow(this, row);
      const file = this.#files[indexed.file];
      if (!file) throw new Error(`row ${row} has no file`);
      const { facts, version } = file.detection;
      return file.dialect.parse(this.record(row), { row: indexed, facts, version });
    });
    return call.row === row ? call : { ...call, row };
  }

  /** The record's bytes. */
  record(row: number): RecordBytes {
    const slot = this.slot(row);
    const file = this.#files[this.lanes[this.columns.lane[slot] ?? 0]?.file ?? 0];
    if (!file) throw new Error(`row ${row} has no file`);
    return file.log.record(this.columns.offset[slot] ?? 0, this.columns.length[slot] ?? 0);
  }

  /** A row for the list. */
  row(row: number): TraceRow {
    const { fields: _fields, rvNumber: _number, ...shown } = this.parse(row);
    return shown;
  }

  progress(): TraceProgress {
    const bytesTotal = this.#files.reduce((sum, { log }) => sum + log.size, 0);
    const bytesDone = this.#files.reduce((sum, { done }) => sum + done, 0);
    const rows = this.rowCount;
    return {
      trace: this.id,
      generation: this.generation,
      rows,
      estimatedRows: bytesDone === 0 ? rows : Math.round((rows * bytesTotal) / bytesDone),
      bytesDone,
      bytesTotal,
      ...this.#store.counts,
      state: this.#state,
      message: this.#message,
    };
  }

  #openFile(path: string): void {
    const log = new LogFile(path);
    const found = detectDialect(log.read(0, headBytes));
    if (!found) {
      log.close();
      throw failure("BAD_FILE", {
        where: path,
        message: "This is not a log that Tokenglass knows.",
        remedy:
          "It reads its own recordings and the logs of OpenSC (spy and debug), p11-kit, pkcs11-logger and pkcs11shim.",
      });
    }
    this.#files.push({ log, ...found, done: 0, wrapped: [] });
    this.#store.addFile(found.dialect, found.detection.facts);
  }

  #index(file: number, bytes: number): void {
    const open = this.#files[file];
    if (!open) return;
    const to = Math.min(open.done + bytes, open.log.size);
    const part = scanRange(open.log.fd, open.dialect, { from: open.done, to, exact: false, live: false });
    this.#store.append(file, part);
    open.done = to;
    if (to === open.log.size) this.#store.finish(file);
  }

  #arrange(): void {
    if (this.#files.length < 2) return;
    this.generation++;
    const { lane, count } = this.columns;
    const sizes = this.#files.map(() => 0);
    for (let slot = 0; slot < count; slot++) {
      const file = this.lanes[lane[slot] ?? 0]?.file ?? 0;
      sizes[file] = (sizes[file] ?? 0) + 1;
    }
    const slots = sizes.map((size) => new Uint32Array(size));
    const filled = sizes.map(() => 0);
    for (let slot = 0; slot < count; slot++) {
      const file = this.lanes[lane[slot] ?? 0]?.file ?? 0;
      const at = filled[file] ?? 0;
      (slots[file] ?? new Uint32Array(0))[at] = slot;
      filled[file] = at + 1;
    }
    this.#order = mergeByTime(this.columns, slots);
    this.#rows = new Uint32Array(count);
    for (let row = 0; row < count; row++) this.#rows[this.#order[row] ?? 0] = row;
  }
}
