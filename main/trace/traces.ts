import type { CheckedInput, EventData } from "../../preload/contract/index.ts";
import { failure } from "../pkcs11/failure.ts";
import { type Analyses, answer } from "./analysis/analyse.ts";
import { snapshotOf } from "./analysis/snapshot.ts";
import type { Wanted } from "./compare/compare.ts";
import { foldersOf, follow } from "./follow.ts";
import { beingWritten, recordingPath, recordingPaths } from "./recordings.ts";
import { Trace } from "./trace.ts";
import { TraceRows } from "./trace-rows.ts";
import { pastedFile } from "./unwrap.ts";
import { Pool } from "./worker/pool.ts";

const nothingCompared: Wanted = { from: 0, limit: 0 };

export interface TracesOptions {
  emit(name: "trace.progress", data: EventData<"trace.progress">): void;
  /** Bundled entry of the worker threads; null: work in this thread (unit tests). */
  workerEntry: string | null;
  /** Folder of our own recordings. */
  recordings: string;
}

/** A trace that is open, with its filters. */
export interface OpenedTrace {
  trace: Trace;
  rows: TraceRows;
  /** Resolves when the index is complete (or has failed, or was cancelled). */
  indexed: Promise<void>;
  /** Aborted when the trace is closed. */
  closing: AbortSignal;
}

type Sources = Pick<CheckedInput<"trace.open">, "files" | "recordings"> & {
  live?: boolean;
  pasted?: string | undefined;
};

const maxOpened = 32;

/** All opened traces. */
export class Traces {
  readonly #options: TracesOptions;
  readonly #pool: Pool;
  readonly #opened = new Map<string, OpenedTrace & { stop(): void; ending: AbortController }>();
  #count = 0;

  constructor(options: TracesOptions) {
    this.#options = options;
    this.#pool = new Pool(options.workerEntry);
  }

  /** Opens logs; the first part of each is indexed when this resolves. @throws FILE_FAILED, BAD_FILE, INVALID_REQUEST */
  async open({ files, recordings, live = false, pasted }: Sources): Promise<OpenedTrace> {
    const folder = this.#options.recordings;
    const all = live && files.length === 0 && recordings.length === 0 && pasted === undefined;
    if (this.#opened.size >= maxOpened)
      throw failure("REFUSED", {
        where: "trace.open",
        message: `${maxOpened} traces are open.`,
        remedy: "Close those that are not needed.",
      });
    if (!all && files.length + recordings.length === 0 && pasted === undefined)
      throw failure("INVALID_REQUEST", {
        where: "trace.open",
        message: "No log is named.",
        remedy: "Give paths in `files`, names in `recordings`, or `live`: true for all recordings from now on.",
      });
    const trace = new Trace({
      id: `t${++this.#count}`,
      pool: this.#pool,
      onProgress: (progress) => this.#options.emit("trace.progress", progress),
    });
    const before = all ? await recordingPaths(folder) : [];
    const known = new Set(before);
    const paths = all
      ? await beingWritten(before)
      : [...files, ...recordings.map((name) => recordingPath(folder, name))];
    await trace.open(
      pasted === undefined
        ? [...new Set(paths)].map((path) => ({ path }))
        : [{ path: "pasted text", plain: await pastedFile(pasted) }],
      live,
    );
    const stop = live
      ? follow({
          trace,
          folders: all ? [folder] : foldersOf(paths),
          newLogs: async () => {
            if (!all) return [];
            const fresh = (await recordingPaths(folder)).filter((path) => !known.has(path));
            for (const path of fresh) known.add(path);
            return fresh;
          },
        })
      : () => {};
    const ending = new AbortController();
    const rows = new TraceRows(trace, this.#pool);
    const opened = { trace, rows, indexed: trace.run(), closing: ending.signal, stop, ending };
    this.#opened.set(trace.id, opened);
    return opened;
  }

  /** @throws INVALID_REQUEST */
  named(id: string): OpenedTrace {
    const opened = this.#opened.get(id);
    if (opened) return opened;
    throw failure("INVALID_REQUEST", {
      where: id,
      message: "No trace with this id is open.",
      remedy: "Open the log again.",
    });
  }

  async close(id: string): Promise<void> {
    const { trace, rows, stop, ending } = this.#opened.get(id) ?? {};
    this.#opened.delete(id);
    ending?.abort();
    stop?.();
    rows?.close();
    await trace?.close();
  }

  /** Opens logs, waits until they are indexed, hands them to `use`, closes them. For requests that name files. */
  async with<T>(sources: Sources, use: (opened: OpenedTrace) => T | Promise<T>): Promise<T> {
    const opened = await this.open({ ...sources, live: false });
    try {
      await opened.indexed;
      const { state, message } = opened.trace.progress();
      if (state !== "done")
        throw failure("FILE_FAILED", {
          where: opened.trace.files.map(({ path }) => path).join(", "),
          message: message ?? "The log could not be read to its end.",
          remedy: "Try again, or look whether the file is still there.",
        });
      return await use(opened);
    } finally {
      await this.close(opened.trace.id);
    }
  }

  /**
   * Answers a question about whole traces in a worker thread, as they are now; meanwhile this one serves others.
   * @throws INVALID_REQUEST if a trace is closed before there is an answer
   */
  async analyse<What extends keyof Analyses>(
    what: What,
    opened: readonly OpenedTrace[],
    wanted: Wanted = nothingCompared,
  ): Promise<Analyses[What]> {
    const of = opened.map(({ trace }) => snapshotOf(trace));
    const signal = AbortSignal.any(opened.map(({ closing }) => closing));
    try {
      const { result } = await this.#pool.run({ kind: "analysis", analysis: { what, of, wanted } }, signal);
      return result as Analyses[What];
    } catch {
      if (signal.aborted)
        throw failure("INVALID_REQUEST", {
          where: opened.map(({ trace }) => trace.id).join(", "),
          message: "The trace was closed before its analysis was done.",
          remedy: "Open the log again.",
        });
      // The thread could not read a log whose name is gone. This process has it open still.
      return answer(
        what,
        opened.map(({ trace }) => ({ reader: trace, progress: trace.progress() })),
        wanted,
      );
    }
  }

  async closeAll(): Promise<void> {
    for (const id of [...this.#opened.keys()]) await this.close(id);
    this.#pool.close();
  }
}
