import type { ErrorData, Reply } from "../../preload/contract/errors.ts";
import type { EventData, EventName, HostRequestName } from "../../preload/contract/index.ts";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { ForkHost } from "../host/process.ts";
import type { HostTiming, ModuleInfo } from "../host/protocol.ts";
import { TokenHost } from "../host/supervisor.ts";
import { embeddedModule } from "./embedded.ts";
import { idFor, type KeptFile, type KeptModule, keptPath, readKept, writeKept } from "./kept.ts";

export interface ModulesOptions {
  dataFolder: string;
  fork: ForkHost;
  timing(): HostTiming;
  emit<E extends EventName>(name: E, data: EventData<E>): void;
  /** How long a module may take to load and initialise, if not the usual time. */
  startSeconds?: number | undefined;
}

interface Running {
  kept: KeptModule;
  host: TokenHost;
  state: ModuleRow["state"];
  error: ErrorData | null;
  info: ModuleInfo | null;
  starting: Promise<void> | null;
}

/** The kept modules and their token hosts. */
export class Modules {
  readonly #options: ModulesOptions;
  readonly #running = new Map<string, Running>();
  #kept: KeptFile;

  private constructor(options: ModulesOptions, kept: KeptFile) {
    this.#options = options;
    this.#kept = kept;
  }

  static async open(options: ModulesOptions): Promise<Modules> {
    const modules = new Modules(options, await readKept(keptPath(options.dataFolder)));
    const embedded = await embeddedModule(options.dataFolder);
    for (const kept of [...(embedded ? [embedded] : []), ...modules.#kept.modules]) modules.#take(kept);
    return modules;
  }

  rows(): ModuleRow[] {
    return [...this.#running.values()].map(rowOf);
  }

  /** @param idOrPath the module's id, or its library's path. */
  get(idOrPath: string): Running | undefined {
    return this.#running.get(idOrPath) ?? [...this.#running.values()].find(({ kept }) => kept.path === idOrPath);
  }

  async add(
    path: string,
    name: string,
    environment: Record<string, string>,
    initString: string | null,
  ): Promise<ModuleRow> {
    const kept: KeptModule = { id: idFor(path), name, path, origin: "added", environment, initString };
    this.#kept = { ...this.#kept, modules: [...this.#kept.modules.filter(({ id }) => id !== kept.id), kept] };
    await writeKept(keptPath(this.#options.dataFolder), this.#kept);
    const running = this.#take(kept);
    await this.#start(running);
    return rowOf(running);
  }

  async startAll(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => this.#start(running)));
  }

  async call(
    module: string,
    name: HostRequestName,
    input: unknown,
    limitSeconds: number,
    onProgress?: (value: unknown) => void,
  ): Promise<Reply<unknown>> {
    const running = this.get(module);
    if (!running) return { ok: false, error: unknownModule(module) };
    if (running.state !== "ready") await this.#start(running);
    if (running.error) return { ok: false, error: running.error };
    return running.host.call(name, input, limitSeconds, onProgress);
  }

  setTiming(timing: HostTiming): void {
    for (const { host } of this.#running.values()) host.setTiming(timing);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ host }) => host.stop()));
  }

  #take(kept: KeptModule): Running {
    const setup = { path: kept.path, initString: kept.initString, module: kept.id, timing: this.#options.timing() };
    const running: Running = {
      kept,
      host: new TokenHost(this.#options.fork, kept.environment, setup, {
        onEvent: (name, data) => this.#options.emit(name, data as never),
        onEnd: (error) => {
          running.state = error ? "failed" : "stopped";
          running.error = error;
          this.#changed();
        },
      }),
      state: "stopped",
      error: null,
      info: null,
      starting: null,
    };
    this.#running.set(kept.id, running);
    return running;
  }

  async #start(running: Running): Promise<void> {
    running.starting ??= (async () => {
      running.state = "starting";
      running.error = null;
      this.#changed();
      const reply = await running.host.start(this.#options.startSeconds);
      running.state = reply.ok ? "ready" : "failed";
      running.info = reply.ok ? reply.value : null;
      running.error = reply.ok ? null : reply.error;
      running.starting = null;
      this.#changed();
    })();
    await running.starting;
  }

  #changed(): void {
    this.#options.emit("modules.changed", { modules: this.rows() });
  }
}

const rowOf = ({ kept, host, state, error, info }: Running): ModuleRow => ({
  ...kept,
  state,
  error,
  info,
  pid: host.pid,
});

const unknownModule = (module: string): ErrorData => ({
  code: "UNKNOWN_MODULE",
  where: module,
  message: "No module with that id or path is kept.",
  remedy: "`modules.list` lists them; `modules.add` adds one.",
});
