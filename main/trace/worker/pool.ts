import { Worker } from "node:worker_threads";
import { type Columns, packColumns } from "../index/columns.ts";
import type { Answer, ResultOf, Task } from "./messages.ts";
import { runTask } from "./run-task.ts";

const workerCount = 2;
const idleMilliseconds = 15_000;
/** Of each thread. Scanners make next to no garbage, analyses much that dies at once: more room only fills more memory. */
const maxYoungGenerationSizeMb = 8;

interface Job {
  id: number;
  task: Task;
  resolve(result: never): void;
  reject(error: Error): void;
}

/**
 * Runs tasks in at most two worker threads, which start with the first task and end when they have nothing to do.
 * Without an entry (unit tests, which have no bundle) the tasks run in this thread, one a turn of the event loop.
 */
export class Pool {
  #entry: string | null;
  readonly #waiting: Job[] = [];
  readonly #workers = new Map<Worker, Job | null>();
  readonly #free: ReturnType<typeof packColumns>[] = [];
  #nextId = 1;
  #idle: NodeJS.Timeout | null = null;

  constructor(entry: string | null) {
    this.#entry = entry;
  }

  /** Tasks that are worth having under way at the same time. */
  get width(): number {
    return this.#entry === null ? 1 : workerCount + 1;
  }

  /** @param signal takes the task back: its promise is rejected, and the thread that is at it ends. */
  run<T extends Task>(task: T, signal?: AbortSignal): Promise<ResultOf<T>> {
    return new Promise<ResultOf<T>>((resolve, reject) => {
      const job = { id: this.#nextId++, task, resolve: resolve as (result: never) => void, reject };
      signal?.addEventListener("abort", () => this.#takeBack(job), { once: true });
      if (this.#entry === null) runHere(job);
      else {
        this.#waiting.push(job);
        this.#hand(this.#entry);
      }
    });
  }

  /** Starts a thread, which takes as long as making a first screen. */
  warm(): void {
    if (this.#entry !== null && this.#workers.size === 0) this.#start(this.#entry);
    this.#endWhenIdle();
  }

  /** Takes columns back that have been read, for the next scan: garbage of this size piles up before it is collected. */
  giveBack(columns: Columns): void {
    if (this.#entry !== null && this.#free.length < this.width) this.#free.push(packColumns(columns));
  }

  close(): void {
    this.#free.length = 0;
    if (this.#idle) clearTimeout(this.#idle);
    for (const job of this.#waiting.splice(0)) job.reject(closed());
    for (const [worker, job] of this.#workers) {
      job?.reject(closed());
      void worker.terminate();
    }
    this.#workers.clear();
  }

  #takeBack(job: Job): void {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    for (const [worker, own] of this.#workers)
      if (own === job) {
        this.#workers.delete(worker);
        void worker.terminate();
      }
    job.reject(closed());
    if (this.#entry !== null) this.#hand(this.#entry);
  }

  /** The next task. One analysis at a time, so that a thread is left for those that somebody waits for. */
  #next(): Job | undefined {
    const isAnalysed = [...this.#workers.values()].some((job) => job?.task.kind === "analysis");
    const at = this.#waiting.findIndex(({ task }) => task.kind !== "analysis" || !isAnalysed);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #hand(entry: string): void {
    if (this.#idle) clearTimeout(this.#idle);
    while (this.#waiting.length > 0) {
      const free = [...this.#workers].find(([, job]) => job === null)?.[0] ?? this.#start(entry);
      const job = free && this.#next();
      if (!free || !job) return;
      this.#workers.set(free, job);
      free.ref();
      const old = job.task.kind === "scan" ? this.#free.pop() : undefined;
      if (old) free.postMessage({ id: job.id, task: { ...job.task, columns: old.data } }, old.buffers);
      else free.postMessage({ id: job.id, task: job.task });
    }
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (![...this.#workers.values()].every((job) => job === null)) return;
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), idleMilliseconds);
    this.#idle.unref();
  }

  #start(entry: string): Worker | null {
    if (this.#workers.size >= workerCount) return null;
    const worker = new Worker(entry, { execArgv: [], stdin: false, resourceLimits: { maxYoungGenerationSizeMb } });
    this.#workers.set(worker, null);
    worker.unref();
    let answered = false;
    worker.on("message", (answer: Answer) => {
      answered = true;
      const job = this.#workers.get(worker);
      if (!this.#workers.has(worker)) return;
      this.#workers.set(worker, null);
      worker.unref();
      if ("error" in answer) job?.reject(new Error(answer.error));
      else job?.resolve(answer.result as never);
      this.#hand(entry);
    });
    const gone = (error: Error) => {
      const job = this.#workers.get(worker);
      this.#workers.delete(worker);
      if (answered) job?.reject(error);
      else if (job) {
        // Threads do not start here at all: slower, but nobody is left without a trace.
        this.#entry = null;
        for (const waiting of [job, ...this.#waiting.splice(0)]) runHere(waiting);
      }
      if (this.#waiting.length > 0) this.#hand(entry);
    };
    worker.on("error", gone);
    worker.on("exit", (code) => gone(new Error(`a worker ended (${code})`)));
    return worker;
  }
}

const closed = (): Error => new Error("The trace was closed.");

const runHere = ({ task, resolve, reject }: Job): void => {
  setImmediate(() => {
    runTask(task).then((result) => resolve(result as never), reject);
  });
};
