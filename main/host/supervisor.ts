import type { ErrorData, Reply } from "../../preload/contract/errors.ts";
import type { EventName, HostRequestName } from "../../preload/contract/index.ts";
import type { ForkHost, HostProcess } from "./process.ts";
import type { FromHost, HostSetup, HostTiming, ModuleInfo } from "./protocol.ts";

export interface HostCallbacks {
  onEvent(name: EventName, data: unknown): void;
  /** The process ended. `error` is null if it was asked to. */
  onEnd(error: ErrorData | null): void;
}

interface Pending {
  name: string;
  resolve(reply: Reply<unknown>): void;
  onProgress: ((value: unknown) => void) | undefined;
  /** True once the host has started on it; before, it waits behind another request. */
  begun: boolean;
  limitSeconds: number;
  timer: NodeJS.Timeout;
}

/** How long loading and C_Initialize may take. Network HSMs need some seconds; a hang is told apart by then. */
export const startLimitSeconds = 20;
/** How long a host may take to log out and finalise before it is ended. */
const stopLimitSeconds = 3;

/**
 * The parent's side of one token host: starts the process that loads one PKCS#11 module, passes requests to it, and
 * turns every way in which the module can go wrong (crash, hang, refusal to load) into error data. The window and
 * the other modules live on; the host can be started again.
 */
export class TokenHost {
  #process: HostProcess | null = null;
  #pending = new Map<number, Pending>();
  #nextId = 1;
  #entering = "";
  /** Why the process is being ended by us; null while it is meant to run. */
  #endReason: ErrorData | "asked" | null = null;

  readonly #fork: ForkHost;
  readonly #environment: Record<string, string>;
  readonly #setup: HostSetup;
  readonly #callbacks: HostCallbacks;

  constructor(fork: ForkHost, environment: Record<string, string>, setup: HostSetup, callbacks: HostCallbacks) {
    this.#fork = fork;
    this.#environment = environment;
    this.#setup = setup;
    this.#callbacks = callbacks;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Whether requests are under way. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  /**
   * Loads the module in a new process. Not to be called while one runs.
   * @param library what to load in place of the module's own file: a spy that passes the calls on
   * @returns what C_GetInfo says, or why it could not be loaded; then the process is gone already
   */
  start(limitSeconds = startLimitSeconds, library?: string): Promise<Reply<ModuleInfo>> {
    this.#endReason = null;
    this.#entering = "loading the library";
    const child = this.#fork(this.#environment);
    this.#process = child;
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => this.#end(this.#timedOut("starting the module", limitSeconds)),
        limitSeconds * 1000,
      );
      let up = false;
      let refusal: ErrorData | null = null;
      child.onMessage((message) => {
        if (message.kind === "ready") {
          clearTimeout(timer);
          up = true;
          resolve({ ok: true, value: message.info });
        } else if (message.kind === "failed") {
          refusal = message.error;
          this.#end("asked");
        } else this.#receive(message);
      });
      child.onExit((exit) => {
        clearTimeout(timer);
        const error = this.#endReason === "asked" ? null : (this.#endReason ?? this.#crashed(exit));
        this.#process = null;
        this.#failPending(error ?? hostStopped(this.#setup.path));
        if (up) this.#callbacks.onEnd(error);
        else resolve({ ok: false, error: refusal ?? error ?? hostStopped(this.#setup.path) });
      });
      child.send({ kind: "start", setup: { ...this.#setup, library } });
    });
  }

  /** Passes a request on. Always resolves: with the host's reply, or with error data if the host crashed or hung. */
  call(
    name: HostRequestName,
    input: unknown,
    limitSeconds: number,
    onProgress?: (value: unknown) => void,
  ): Promise<Reply<unknown>> {
    const child = this.#process;
    if (!child) return Promise.resolve({ ok: false, error: hostStopped(this.#setup.path) });
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const pending = { name, resolve, onProgress, begun: false, limitSeconds, timer: this.#timer(id, limitSeconds) };
      this.#pending.set(id, pending);
      child.send({ kind: "call", id, name, input });
    });
  }

  #timer(id: number, limitSeconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#limitReached(id), limitSeconds * 1000);
  }

  /**
   * A request that only waits for its turn says nothing about the module: the request in front of it has a limit of
   * its own (a PIN typed on a reader takes longer than a slot list). Otherwise the module hangs and its host is ended.
   */
  #limitReached(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    const waits = !pending.begun && [...this.#pending.values()].some(({ begun }) => begun);
    if (waits) pending.timer = this.#timer(id, pending.limitSeconds);
    else this.#end(this.#timedOut(pending.name, pending.limitSeconds));
  }

  #began(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.begun = true;
    clearTimeout(pending.timer);
    pending.timer = this.#timer(id, pending.limitSeconds);
  }

  setTiming(timing: HostTiming): void {
    this.#setup.timing = timing;
    this.#process?.send({ kind: "timing", timing });
  }

  /** Asks the host to log out, finalise and end; ends it if it does not within some seconds. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#endReason ??= "asked";
    const ended = new Promise<void>((resolve) => child.onExit(() => resolve()));
    child.send({ kind: "stop" });
    const timer = setTimeout(() => child.kill(), stopLimitSeconds * 1000);
    await ended;
    clearTimeout(timer);
  }

  /** Ends the process at once, whatever the module is doing. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.onExit(() => resolve()));
    this.#end("asked");
    await ended;
  }

  #end(reason: ErrorData | "asked"): void {
    this.#endReason ??= reason;
    this.#process?.kill();
  }

  #receive(message: FromHost): void {
    if (message.kind === "entering") this.#entering = message.function;
    else if (message.kind === "began") this.#began(message.id);
    else if (message.kind === "event") this.#callbacks.onEvent(message.name, message.data);
    else if (message.kind === "progress") this.#pending.get(message.id)?.onProgress?.(message.value);
    else if (message.kind === "reply") {
      const pending = this.#pending.get(message.id);
      if (!pending) return;
      this.#pending.delete(message.id);
      clearTimeout(pending.timer);
      pending.resolve(message.reply);
    }
  }

  #failPending(error: ErrorData): void {
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.resolve({ ok: false, error });
    }
    this.#pending.clear();
  }

  #timedOut(doing: string, seconds: number): ErrorData {
    return {
      code: "HOST_TIMED_OUT",
      where: `${this.#entering} in ${this.#setup.path}`,
      message: `The module did not come back from ${this.#entering} within ${seconds} s (${doing}). Its process was ended.`,
      remedy:
        "Check that the device or its network is reachable, then start the module again. Other modules are not affected.",
      details: { function: this.#entering, seconds },
    };
  }

  #crashed(exit: { code: number | null; signal: string | null }): ErrorData {
    const how = exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code}`;
    // No program ends itself so; the library is not to blame.
    const words =
      exit.signal === "SIGKILL"
        ? {
            message: `The module's process was ended from outside (${how}), during or after ${this.#entering}.`,
            remedy:
              "Somebody ended it, or the system did because memory ran out (its log tells). Start the module again; other modules are not affected.",
          }
        : {
            message: `The module crashed in ${this.#entering} (${how}) and took its own process with it.`,
            remedy:
              "Start the module again. If it happens again, the library is faulty or does not fit the device: ask its vendor, naming the function.",
          };
    return {
      code: "HOST_CRASHED",
      where: `${this.#entering} in ${this.#setup.path}`,
      ...words,
      details: { function: this.#entering, signal: exit.signal, exitCode: exit.code },
    };
  }
}

/** The answer to requests for a host that does not run. */
export const hostStopped = (path: string): ErrorData => ({
  code: "HOST_STOPPED",
  where: path,
  message: "The module's token host is not running.",
  remedy: "Start the module.",
});
