import type { KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { type VerifyOptions, verifyOptions } from "./verify.ts";

/** What was signed, and the signature as X.509 has it. */
export interface Signed {
  toBeSigned: Buffer;
  signature: Buffer;
}

/** Many signatures of one key. The bytes of all are one after the other: signed, signature, signed, ... */
interface Task extends VerifyOptions {
  id: number;
  key: KeyObject;
  bytes: Uint8Array;
  lengths: number[];
}

interface Answer {
  id: number;
  /** Which of the signatures is wrong; -1 if none is. */
  wrong: number;
}

const idleMilliseconds = 15_000;

/**
 * Checks many signatures of one key in a second thread, while the token makes the next ones in this. Handing over a
 * signature alone would cost as much as checking it.
 * @returns the place of one that is wrong, or -1
 */
export const checkMany = (algorithm: SignatureAlgorithm, key: KeyObject, signed: Signed[]): Promise<number> => {
  thread ??= new CheckThread(() => {
    thread = null;
  });
  return thread.run({
    ...verifyOptions(algorithm),
    key,
    bytes: Buffer.concat(signed.flatMap(({ toBeSigned, signature }) => [toBeSigned, signature])),
    lengths: signed.flatMap(({ toBeSigned, signature }) => [toBeSigned.length, signature.length]),
  });
};

let thread: CheckThread | null = null;

/** One thread, ended when nothing was asked of it for a while; it keeps no process alive. */
class CheckThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(wrong: number): void; reject(error: Error): void }>();
  #next = 0;
  #idle: NodeJS.Timeout | undefined;
  readonly #ended: () => void;

  constructor(ended: () => void) {
    this.#ended = ended;
    // The function's own text is the thread's program: a file of its own would have to be found in every bundle.
    const program = `(${inThread.toString()})(require("node:worker_threads").parentPort, require("node:crypto").verify)`;
    this.#worker = new Worker(program, { eval: true, execArgv: [], stdin: false });
    this.#worker.unref();
    this.#worker.on("message", ({ id, wrong }: Answer) => this.#settle(id)?.resolve(wrong));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("the thread that checks signatures ended")));
  }

  run(task: Omit<Task, "id">): Promise<number> {
    clearTimeout(this.#idle);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // While it has work the process must wait for it.
      this.#worker.ref();
      this.#worker.postMessage({ ...task, id } satisfies Task);
    });
  }

  #settle(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) {
      this.#worker.unref();
      this.#idle = setTimeout(() => void this.#worker.terminate(), idleMilliseconds).unref();
    }
    return waiting;
  }

  #end(error: Error): void {
    this.#ended();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Runs in the thread, so it may use nothing but what it is given. */
const inThread = (
  port: { on(event: "message", listener: (task: Task) => void): void; postMessage(answer: Answer): void },
  verify: typeof import("node:crypto").verify,
): void => {
  port.on("message", ({ id, key, hash, options, bytes, lengths }) => {
    let wrong = -1;
    for (let i = 0, at = 0; i < lengths.length; i += 2) {
      const middle = at + (lengths[i] ?? 0);
      const end = middle + (lengths[i + 1] ?? 0);
      if (!verify(hash, bytes.subarray(at, middle), { key, ...options }, bytes.subarray(middle, end))) {
        wrong = i / 2;
        break;
      }
      at = end;
    }
    port.postMessage({ id, wrong });
  });
};
