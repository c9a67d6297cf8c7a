import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename } from "node:path";
import type { ErrorData, Reply } from "../../preload/contract/errors.ts";
import type { CheckedInput, EventData, EventName, HostRequestName } from "../../preload/contract/index.ts";
import type { Inspection, ModuleRow } from "../../preload/contract/modules.ts";
import type { ForkHost } from "../host/process.ts";
import type { HostTiming } from "../host/protocol.ts";
import { Failure, failure, toErrorData } from "../pkcs11/failure.ts";
import { consentError, consentFor, headerError, wrongDigest } from "./consent.ts";
import { embeddedModule } from "./embedded.ts";
import { type FileFacts, fileFacts } from "./inspect.ts";
import { idFor, KeptFile, type KeptModule } from "./kept.ts";
import { Known } from "./known.ts";
import { ModuleHost, type Recorder } from "./module-host.ts";
import { thisMachine } from "./search-folders.ts";
import { storeError } from "./softhsm-store.ts";

export interface ModulesOptions {
  dataFolder: string;
  fork: ForkHost;
  timing(): HostTiming;
  emit<E extends EventName>(name: E, data: EventData<E>): void;
  recorder?: Recorder | undefined;
  /** How long a module may take to load and initialise, if not the usual time. */
  startSeconds?: number | undefined;
}

/** The kept modules and their token hosts; who may be loaded is decided here, how they run in {@link ModuleHost}. */
export class Modules {
  readonly known = new Known(thisMachine(homedir()));
  readonly #options: ModulesOptions;
  readonly #file: KeptFile;
  readonly #hosts = new Map<string, ModuleHost>();

  private constructor(options: ModulesOptions, file: KeptFile) {
    this.#options = options;
    this.#file = file;
  }

  static async open(options: ModulesOptions): Promise<Modules> {
    const modules = new Modules(options, await KeptFile.open(options.dataFolder));
    const embedded = await embeddedModule(options.dataFolder);
    for (const kept of [...(embedded ? [embedded] : []), ...modules.#file.content.modules]) modules.#take(kept);
    return modules;
  }

  /** How token hosts are forked. */
  get fork(): ForkHost {
    return this.#options.fork;
  }

  rows(): ModuleRow[] {
    return [...this.#hosts.values()].map(({ row }) => row);
  }

  /** @param idOrPath the module's id, or its library's path. */
  get(idOrPath: string): ModuleHost | undefined {
    return this.#hosts.get(idOrPath) ?? [...this.#hosts.values()].find(({ kept }) => kept.path === idOrPath);
  }

  /** @throws Failure as {@link fileFacts} does */
  async inspect(path: string): Promise<Inspection> {
    const facts = await fileFacts(path);
    return this.inspectionOf(facts, (await this.consent(facts)) === "given");
  }

  inspectionOf({ systemOwned: _internal, ...facts }: FileFacts, approved: boolean): Inspection {
    return { ...facts, knownAs: this.known.library(facts.path, facts.realPath)?.vendor ?? null, approved };
  }

  async consent(facts: FileFacts) {
    const { path, realPath } = facts;
    const known =
      facts.systemOwned &&
      (this.known.library(path, realPath) !== null || (await this.known.inSystemP11Kit(path, realPath)));
    return consentFor(facts, { approved: this.#file.content.approved, known });
  }

  /**
   * Keeps a module and loads it. A module that cannot be loaded now (a missing dependency, a crash, a device that is
   * not there) is kept with its error, to be started again or removed; a file that can never be one is not.
   * @throws Failure for a file that is no module of this machine, or to which consent is missing
   */
  async add({ path, name, environment, initString, sha256 }: CheckedInput<"modules.add">): Promise<ModuleRow> {
    refuseLoaderVariables(environment);
    const facts = await fileFacts(path);
    const unfit = headerError(facts);
    if (unfit) throw new Failure(unfit);
    const approvedBefore = await this.#approve(facts, sha256);
    const id = idFor(path, environment, initString ?? null);
    const known = this.known.library(path, facts.realPath)?.vendor;
    const already = this.#hosts.get(id);
    const host =
      already ??
      (await this.#keep({
        id,
        name: name ?? known?.replace(/ \(.*/, "") ?? basename(path),
        path,
        origin: "added",
        environment,
        initString: initString ?? null,
      }));
    await host.start();
    if (this.#hosts.get(id) !== host) throw new Failure(unknownModule(path));
    const { error } = host.row;
    if (error && neverAModule.has(error.code)) {
      if (!already) await this.#forget(host, facts.realPath, approvedBefore);
      throw new Failure(error);
    }
    return host.row;
  }

  /** @throws Failure UNKNOWN_MODULE, REFUSED for the embedded module */
  async remove(module: string): Promise<void> {
    const host = this.find(module);
    if (host.kept.origin === "embedded")
      throw failure("REFUSED", {
        where: host.kept.name,
        message: "The demo token belongs to the app and stays in the list.",
        remedy: "Stop it, if it is in the way.",
      });
    // The file may be gone by now.
    const realPath = await realpath(host.kept.path).catch(() => host.kept.path);
    await this.#forget(host, realPath, undefined);
  }

  /** @param sha256 consent to the file as it is now @throws Failure UNKNOWN_MODULE, MODULE_CHANGED */
  async start(module: string, sha256?: string): Promise<ModuleRow> {
    const host = this.find(module);
    if (sha256 !== undefined) await this.#approve(await fileFacts(host.kept.path), sha256);
    await host.start();
    return host.row;
  }

  async startAll(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.start()));
  }

  /** Starts those token hosts again that run now, of the named modules or of all: what they load has changed. */
  async restartRunning(modules?: readonly string[]): Promise<void> {
    const hosts = modules ? modules.map((module) => this.find(module)) : [...this.#hosts.values()];
    const running = hosts.filter(({ row }) => row.state === "ready" || row.state === "starting");
    await Promise.all(running.map((host) => host.restart()));
  }

  /** @throws Failure UNKNOWN_MODULE */
  find(module: string): ModuleHost {
    const host = this.get(module);
    if (!host) throw new Failure(unknownModule(module));
    return host;
  }

  async call(
    module: string,
    name: HostRequestName,
    input: unknown,
    limitSeconds: number,
    onProgress?: (value: unknown) => void,
  ): Promise<Reply<unknown>> {
    const host = this.get(module);
    if (!host) return { ok: false, error: unknownModule(module) };
    return host.call(name, input, limitSeconds, onProgress);
  }

  setTiming(timing: HostTiming): void {
    for (const host of this.#hosts.values()) host.setTiming(timing);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.retire()));
  }

  #take(kept: KeptModule): ModuleHost {
    const host = new ModuleHost(kept, {
      ...this.#options,
      check: (module) => this.#check(module),
      changed: () => this.#changed(),
    });
    this.#hosts.set(kept.id, host);
    return host;
  }

  async #keep(kept: KeptModule): Promise<ModuleHost> {
    const host = this.#take(kept);
    try {
      await this.#file.update((content) => ({
        ...content,
        modules: [...content.modules.filter(({ id }) => id !== kept.id), kept],
      }));
    } catch (thrown) {
      this.#hosts.delete(kept.id);
      throw thrown;
    }
    return host;
  }

  /**
   * Whether a module's file may be loaded now. The loader opens the file by its path once more, some milliseconds
   * after it was hashed here: who can write it, or a folder above, can still exchange it in between. No operating
   * system loads a library from bytes that were checked, so the check comes last and inspections say who may write.
   */
  async #check(kept: KeptModule): Promise<ErrorData | null> {
    try {
      const facts = await fileFacts(kept.path);
      const unfit = headerError(facts);
      if (unfit) return unfit;
      const consent = await this.consent(facts);
      // The app itself chose the embedded one, from fixed paths; on macOS Homebrew's belongs to the user.
      if (consent !== "given" && (kept.origin !== "embedded" || facts.othersMayWrite))
        return consentError(facts, consent);
      return await storeError(this.known, kept.environment, facts);
    } catch (thrown) {
      return toErrorData(thrown, kept.path);
    }
  }

  /**
   * Remembers consent to a file, or sees that it is there already.
   * @returns the SHA-256 that was approved before
   * @throws Failure MODULE_NEEDS_APPROVAL, MODULE_CHANGED
   */
  async #approve(facts: FileFacts, sha256: string | undefined): Promise<string | undefined> {
    const before = this.#file.content.approved[facts.realPath];
    if (sha256 === undefined) {
      const consent = await this.consent(facts);
      if (consent !== "given") throw new Failure(consentError(facts, consent));
      return before;
    }
    if (sha256.toLowerCase() !== facts.sha256) throw new Failure(wrongDigest(facts, sha256));
    if (before !== facts.sha256)
      await this.#file.update((content) => ({
        ...content,
        approved: { ...content.approved, [facts.realPath]: facts.sha256 },
      }));
    return before;
  }

  /**
   * Ends a module and takes it out of the list, with the approval of its file unless another module has the same one.
   * @param earlier an approval to be put back instead
   */
  async #forget(host: ModuleHost, realPath: string, earlier: string | undefined): Promise<void> {
    this.#hosts.delete(host.kept.id);
    await host.retire();
    const shared = [...this.#hosts.values()].some(({ kept }) => kept.path === host.kept.path);
    await this.#file.update(({ modules, approved }) => {
      const left = modules.filter(({ id }) => id !== host.kept.id);
      if (shared) return { modules: left, approved };
      const { [realPath]: _gone, ...others } = approved;
      return { modules: left, approved: earlier === undefined ? others : { ...others, [realPath]: earlier } };
    });
    this.#changed();
  }

  #changed(): void {
    this.#options.emit("modules.changed", { modules: this.rows() });
  }
}

const neverAModule: ReadonlySet<string> = new Set([
  "MODULE_NOT_FOUND",
  "MODULE_NOT_A_LIBRARY",
  "MODULE_NOT_PKCS11",
  "MODULE_WRONG_ARCHITECTURE",
]);

/** Variables with which a loader or Node runs code from other files: consent to one file must not run another. */
const loaderVariables = /^(LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|NODE_.*|ELECTRON_.*)$/;

const refuseLoaderVariables = (environment: Record<string, string>): void => {
  const name = Object.keys(environment).find((key) => loaderVariables.test(key));
  if (name)
    throw failure("REFUSED", {
      where: name,
      message: `The variable ${name} would run code from other files than the module that is approved.`,
      remedy: "Leave it out. Variables that the module itself reads, and LD_LIBRARY_PATH, may be given.",
    });
};

const unknownModule = (module: string): ErrorData => ({
  code: "UNKNOWN_MODULE",
  where: module,
  message: "No module with that id or path is kept.",
  remedy: "`modules.list` lists them; `modules.add` adds one.",
});
