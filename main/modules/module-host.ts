import type { ErrorData, Reply } from "../../preload/contract/errors.ts";
import type { EventData, EventName, HostRequestName } from "../../preload/contract/index.ts";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { ForkHost } from "../host/process.ts";
import type { HostTiming, ModuleInfo } from "../host/protocol.ts";
import { hostStopped, TokenHost } from "../host/supervisor.ts";
import type { KeptModule } from "./kept.ts";
import { Logins } from "./logins.ts";
import { SeenTokens } from "./seen-tokens.ts";

export interface ModuleHostOptions {
  fork: ForkHost;
  timing(): HostTiming;
  emit<E extends EventName>(name: E, data: EventData<E>): void;
  /** Whether the module's file may be loaded now; asked right before its process is forked. */
  check(kept: KeptModule): Promise<ErrorData | null>;
  /** Where calls are recorded, if they are to be. */
  recorder?: Recorder | undefined;
  /** Told whenever the row has changed. */
  changed(): void;
  /** How long loading and initialising may take, if not the usual time. */
  startSeconds?: number | undefined;
}

/** Puts the spy between a token host and its module. */
export interface Recorder {
  /** @returns the library to load in place of the module's; null to load the module itself */
  through(kept: KeptModule): Promise<string | null>;
  /** The host of this process id loads its module through the spy. */
  recorded(process: number): Promise<void>;
  /** The module could not be loaded through the spy, but without it. */
  loadedDirectly(kept: KeptModule, error: ErrorData): void;
}

/**
 * A kept module with its token host. Starting, stopping and restarting may be asked for at any time, also while
 * another of them is under way: the last wish wins, and every caller waits until it is settled.
 */
export class ModuleHost {
  readonly kept: KeptModule;
  readonly #options: ModuleHostOptions;
  readonly #host: TokenHost;
  readonly #logins = new Logins();
  readonly #seen = new SeenTokens();
  #state: ModuleRow["state"] = "stopped";
  #error: ErrorData | null = null;
  #info: ModuleInfo | null = null;
  #starting: Promise<void> | null = null;
  #ending: Promise<void> | null = null;
  /** Grows with each start and end, so that a start that was overtaken notices. */
  #attempt = 0;
  /** The user stopped it: requests do not start it again. */
  #held = false;
  /** It left the list: nothing starts it again. */
  #retired = false;

  constructor(kept: KeptModule, options: ModuleHostOptions) {
    this.kept = kept;
    this.#options = options;
    const setup = { path: kept.path, initString: kept.initString, module: kept.id, timing: options.timing() };
    this.#host = new TokenHost(options.fork, kept.environment, setup, {
      onEvent: (name, data) => {
        this.#logins.noteEvent(name, data);
        this.#seen.noteEvent(name, data);
        options.emit(name, data as never);
      },
      onEnd: (error) => this.#ended(error),
    });
  }

  get row(): ModuleRow {
    return { ...this.kept, state: this.#state, error: this.#error, info: this.#info, pid: this.#host.pid };
  }

  /** The tokens that the host told last; null while it does not run, or has told none yet. */
  get seenTokens(): readonly TokenRef[] | null {
    return this.#seen.refs;
  }

  /** Starts the host unless it runs. Resolves when it is ready or has failed; the row says which. */
  async start(): Promise<void> {
    this.#held = false;
    while (this.#ending) await this.#ending;
    // Somebody may have asked for a stop while this waited.
    if (this.#held || this.#retired || this.#state === "ready") return;
    this.#starting ??= this.#begin().finally(() => {
      this.#starting = null;
    });
    await this.#starting;
  }

  /** Logs out, finalises and ends the host. Requests that are under way get HOST_STOPPED. */
  async stop(): Promise<void> {
    this.#held = true;
    await this.#end("gently");
  }

  /** Stops the host for good: the module leaves the list, or the app ends. */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.stop();
  }

  /** Ends the host, whatever it is doing, and starts it anew. */
  async restart(): Promise<void> {
    this.#held = false;
    await this.#end(this.#host.busy ? "at once" : "gently");
    if (!this.#held) await this.start();
  }

  /**
   * Passes a request on. Starts the host first if it was never started; one that crashed or failed is left alone
   * until the user restarts it, so that a faulty module or a card with few tries left meets no loop.
   */
  async call(
    name: HostRequestName,
    input: unknown,
    limitSeconds: number,
    onProgress?: (value: unknown) => void,
  ): Promise<Reply<unknown>> {
    if (this.#state !== "ready" || this.#ending) {
      const stopped = { ok: false, error: hostStopped(this.kept.path) } as const;
      if (this.#held) return stopped;
      if (this.#state !== "failed" || this.#ending) await this.start();
      if (this.#error) return { ok: false, error: this.#error };
      if (this.#state !== "ready") return stopped;
    }
    const reply = await this.#host.call(name, input, limitSeconds, onProgress);
    this.#logins.noteReply(name, input, reply);
    this.#seen.noteReply(name, reply);
    return reply;
  }

  setTiming(timing: HostTiming): void {
    this.#host.setTiming(timing);
  }

  async #begin(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#settle("starting", null);
    const refused = await this.#options.check(this.kept);
    if (attempt !== this.#attempt) return;
    if (refused) return this.#settle("failed", refused);
    const reply = await this.#load(() => attempt !== this.#attempt);
    if (attempt !== this.#attempt) return;
    this.#info = reply.ok ? reply.value : null;
    this.#settle(reply.ok ? "ready" : "failed", reply.ok ? null : reply.error);
  }

  /**
   * Loads the module, through the spy if it is to be recorded. If that fails it is tried once without: a faulty spy must not
   * keep a user from a token, and what is then reported is the module's own error.
   */
  async #load(overtaken: () => boolean): Promise<Reply<ModuleInfo>> {
    const { recorder, startSeconds } = this.#options;
    const spy = (await recorder?.through(this.kept)) ?? null;
    if (overtaken()) return { ok: false, error: hostStopped(this.kept.path) };
    const reply = await this.#host.start(startSeconds, spy ?? undefined);
    if (!recorder || spy === null || overtaken()) return reply;
    if (reply.ok && this.#host.pid !== null) await recorder.recorded(this.#host.pid);
    if (reply.ok || reply.error.code === "HOST_TIMED_OUT") return reply;
    const direct = await this.#host.start(startSeconds);
    if (direct.ok) recorder.loadedDirectly(this.kept, reply.error);
    return direct;
  }

  #end(how: "gently" | "at once"): Promise<void> {
    this.#ending ??= (async () => {
      this.#attempt++;
      const starting = this.#starting;
      // A module that is still loading has no login to end, and often does not listen.
      if (how === "at once" || starting) await this.#host.kill();
      else await this.#host.stop();
      await starting;
      this.#settle("stopped", null);
    })().finally(() => {
      this.#ending = null;
    });
    return this.#ending;
  }

  /** @param error null if the end was asked for */
  #ended(error: ErrorData | null): void {
    const tokens = this.#logins.take();
    this.#seen.forget();
    if (!error) return;
    for (const token of tokens)
      this.#options.emit("tokens.loggedOut", { module: this.kept.id, token, reason: "host ended" });
    this.#settle("failed", error);
  }

  #settle(state: ModuleRow["state"], error: ErrorData | null): void {
    this.#state = state;
    this.#error = error;
    this.#options.changed();
  }
}
