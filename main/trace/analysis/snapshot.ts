import type { DialectName, TraceCall, TraceFile, TraceProgress } from "../../../preload/contract/trace.ts";
import { dialectNamed } from "../dialects/all.ts";
import type { Detection, Dialect } from "../dialects/dialect.ts";
import { type Columns, type ColumnsData, packColumns, unpackColumns } from "../index/columns.ts";
import { LogFile } from "../log-file.ts";
import type { Lane, TraceReader } from "../reader.ts";
import { Recent } from "../recent.ts";
import { parseRecord } from "../row.ts";
import type { RowOrder } from "../rows-in-order.ts";
import type { Trace } from "../trace.ts";

/**
 * A trace as it is at one moment, to be read in another thread. The columns are in memory that both threads see: what is
 * added later stands behind `columns.count`, and slots never move in memory that was handed out.
 */
export interface TraceSnapshot {
  columns: ColumnsData;
  order: RowOrder | null;
  generation: number;
  names: readonly string[];
  returnCodes: readonly string[];
  lanes: readonly Lane[];
  files: readonly TraceFile[];
  logs: { path: string; inode: number; dialect: DialectName; detection: Pick<Detection, "facts" | "version"> }[];
  progress: TraceProgress;
}

export const snapshotOf = (trace: Trace): TraceSnapshot => ({
  columns: packColumns(trace.columns).data,
  order: trace.rowOrder,
  generation: trace.generation,
  names: [...trace.names],
  returnCodes: [...trace.returnCodes],
  lanes: [...trace.lanes],
  files: [...trace.files],
  logs: trace.logs.map(({ log, dialect, detection: { facts, version } }) => ({
    path: log.path,
    inode: log.inode,
    dialect: dialect.name,
    detection: { facts, version },
  })),
  progress: trace.progress(),
});

/** Reads a trace in another thread than the one that has it open. To be closed. */
export class SnapshotReader implements TraceReader {
  readonly columns: Columns;
  readonly generation: number;
  readonly names: readonly string[];
  readonly returnCodes: readonly string[];
  readonly lanes: readonly Lane[];
  readonly files: readonly TraceFile[];
  readonly progress: TraceProgress;
  readonly #order: RowOrder | null;
  readonly #logs: { log: LogFile; dialect: Dialect; detection: Pick<Detection, "facts" | "version"> }[] = [];
  readonly #calls = new Recent<number, TraceCall>(4000);

  /** @throws if a log is gone, or another file has its name now. */
  constructor(snapshot: TraceSnapshot) {
    this.columns = unpackColumns(snapshot.columns);
    this.generation = snapshot.generation;
    this.names = snapshot.names;
    this.returnCodes = snapshot.returnCodes;
    this.lanes = snapshot.lanes;
    this.files = snapshot.files;
    this.progress = snapshot.progress;
    this.#order = snapshot.order;
    for (const { path, inode, dialect: name, detection } of snapshot.logs) {
      const log = new LogFile(path);
      const dialect = dialectNamed(name);
      if (dialect && log.inode === inode) this.#logs.push({ log, dialect, detection });
      else {
        log.close();
        this.close();
        throw new Error(`${path} is another file now`);
      }
    }
  }

  get rowCount(): number {
    return this.#order?.slots.length ?? this.columns.count;
  }

  slot(row: number): number {
    return this.#order ? (this.#order.slots[row] ?? 0) : row;
  }

  rowOf(slot: number): number {
    return this.#order ? (this.#order.rows[slot] ?? 0) : slot;
  }

  durationIs(file: number): "exact" | "at-most" | "unknown" {
    const durations = this.#logs[file]?.dialect.durations ?? "none";
    return durations === "none" ? "unknown" : durations;
  }

  parse(row: number): TraceCall {
    const slot = this.slot(row);
    return this.#calls.get(slot, () => {
      const log = this.#logs[this.lanes[this.columns.lane[slot] ?? 0]?.file ?? 0];
      if (!log) throw new Error(`slot ${slot} has no file`);
      return parseRecord(this, log, slot, row);
    });
  }

  close(): void {
    for (const { log } of this.#logs) log.close();
  }
}
