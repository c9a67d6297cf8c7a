import type { Readable, Writable } from "node:stream";
import type { ProtocolMapping } from "devtools-protocol/types/protocol-mapping.js";

type Commands = ProtocolMapping.Commands;
type Events = ProtocolMapping.Events;
type Listener = (params: never, sessionId: string | undefined) => void;

interface Answer {
  resolve(result: never): void;
  reject(error: Error): void;
}

interface Incoming {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
  sessionId?: string;
}

/**
 * The DevTools protocol over a browser's pipe: JSON texts, each ended by a NUL byte. Messages are handled in the
 * order in which they come.
 *
 * A client of the app's own, because what crosses here may be a PIN: puppeteer's prints every message to stderr when
 * DEBUG is set. It also takes 150 ms to load.
 */
export class DevToolsPipe {
  /** Resolves when the browser has closed its end. */
  readonly closed: Promise<void>;
  readonly #input: Writable;
  readonly #answers = new Map<number, Answer>();
  readonly #listeners = new Map<string, Set<Listener>>();
  #open = true;
  #nextId = 1;
  #parts: Buffer[] = [];

  /** @param input what the browser reads (its descriptor 3). @param output what it writes (4). */
  constructor(input: Writable, output: Readable) {
    this.#input = input;
    this.closed = new Promise((resolve) => {
      const end = () => {
        this.#end();
        resolve();
      };
      output.on("close", end);
      output.on("error", end);
      input.on("error", end);
    });
    output.on("data", (chunk: Buffer) => this.#take(chunk));
  }

  /**
   * @param sessionId the target's session; without it the browser itself is meant.
   * @returns the result. Rejects with the browser's words, or when the browser goes before it has answered.
   */
  send<M extends keyof Commands>(
    method: M,
    params?: Commands[M]["paramsType"][0],
    sessionId?: string,
  ): Promise<Commands[M]["returnType"]> {
    if (!this.#open) return Promise.reject(new Error("The browser is gone."));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** @returns a function that ends the subscription. */
  on<E extends keyof Events>(
    method: E,
    listener: (params: Events[E][0], sessionId: string | undefined) => void,
  ): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners);
    listeners.add(listener as Listener);
    return () => listeners.delete(listener as Listener);
  }

  #take(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, from)) {
      this.#parts.push(chunk.subarray(from, end));
      const text = (this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)).toString();
      this.#parts = [];
      from = end + 1;
      this.#receive(JSON.parse(text) as Incoming);
    }
    if (from < chunk.length) this.#parts.push(chunk.subarray(from));
  }

  #receive(message: Incoming): void {
    if (message.id !== undefined) {
      const answer = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      if (message.error) answer?.reject(new Error(message.error.message));
      else answer?.resolve(message.result as never);
    } else if (message.method !== undefined) {
      for (const listener of this.#listeners.get(message.method) ?? [])
        listener(message.params as never, message.sessionId);
    }
  }

  #end(): void {
    this.#open = false;
    for (const answer of this.#answers.values()) answer.reject(new Error("The browser is gone."));
    this.#answers.clear();
  }
}
