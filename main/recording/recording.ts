import { mkdir } from "node:fs/promises";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { CheckedInput, EventData, EventName } from "../../preload/contract/index.ts";
import type { RecordingFile, RecordingState } from "../../preload/contract/recording.ts";
import { quote } from "../commands/shell-words.ts";
import type { KeptModule } from "../modules/kept.ts";
import { failure } from "../pkcs11/failure.ts";
import { FolderWatch } from "./folder-watch.ts";
import { builtNatives, hasCommandLine, type Natives, whyUnusable } from "./natives.ts";
import { OwnHosts } from "./own-hosts.ts";
import { commandsFor } from "./ready-commands.ts";
import { RunFolder } from "./run-folder.ts";
import { Runs, runsFolder, spyFolder, standingFolder, tracesFolder } from "./runs.ts";
import { levelNow, RecordingSettings } from "./settings.ts";
import { untilFor } from "./spy-configuration.ts";
import { SpyCopies } from "./spy-copies.ts";
import { listTraces, outdated, type Removal, removeTraces, tracesBytes } from "./trace-files.ts";

export interface RecordingOptions {
  dataFolder: string;
  emit<E extends EventName>(name: E, data: EventData<E>): void;
  /** The spy library, if not the one that was built. */
  spy?: string | undefined;
  /** The kept modules. */
  modules(): { id: string; path: string }[];
}

const hourMilliseconds = 3_600_000;

/** What is recorded, with which copies of the spy, and the recordings that there are. */
export class Recording {
  readonly copies: SpyCopies;
  readonly runs: Runs;
  readonly folder: string;
  readonly #options: RecordingOptions;
  readonly #settings: RecordingSettings;
  readonly #own: OwnHosts;
  readonly #natives: Natives;
  /** Modules that had to be loaded directly, with the reason. */
  readonly #failed = new Map<string, string>();
  #standing: Promise<RunFolder | null> | null = null;
  readonly #watch: FolderWatch;
  #hourly: NodeJS.Timeout | null = null;
  #tidying: Promise<void> = Promise.resolve();

  private constructor(options: RecordingOptions) {
    this.#options = options;
    const { dataFolder } = options;
    this.#natives = { ...builtNatives, ...(options.spy !== undefined && { spy: options.spy }) };
    this.folder = tracesFolder(dataFolder);
    this.#settings = new RecordingSettings(dataFolder);
    this.#watch = new FolderWatch(this.folder, (names) => options.emit("recording.changed", { names }));
    this.copies = new SpyCopies(spyFolder(dataFolder), this.#natives.spy);
    this.#own = new OwnHosts(spyFolder(dataFolder), this.#natives.spy);
    this.runs = new Runs({
      folder: runsFolder(dataFolder),
      traces: this.folder,
      natives: this.#natives,
      modules: () => options.modules().map(({ path }) => path),
      changed: () => this.tell([]),
    });
  }

  /** Reads the settings. */
  static async open(options: RecordingOptions): Promise<Recording> {
    const recording = new Recording(options);
    await recording.#settings.read();
    return recording;
  }

  /**
   * Watches the folder, and deletes what is outdated, now and every hour. No part of opening: there may be thousands of
   * recordings to look at. An app that is closed without it has that done then.
   */
  async begin(): Promise<void> {
    await this.watch();
    this.#tidyNow();
    this.#hourly ??= setInterval(() => this.#tidyNow(), hourMilliseconds);
    this.#hourly.unref();
  }

  /** Tells `recording.changed` whenever a recording begins, grows or goes. */
  watch(): Promise<void> {
    return this.#watch.start();
  }

  async state(): Promise<RecordingState> {
    const settings = await this.#settings.read();
    const [whyNot, copies, totalBytes] = await Promise.all([
      whyUnusable(this.#natives.spy),
      this.copies.all(),
      tracesBytes(this.folder),
    ]);
    return {
      available: whyNot === "",
      whyNot,
      folder: this.folder,
      modules: settings.modules === "all" ? this.#ids : settings.modules.filter((id) => this.#ids.includes(id)),
      failed: [...this.#failed].map(([module, why]) => ({ module, why })),
      level: levelNow(settings),
      levelUntil: levelNow(settings) === 2 ? settings.levelUntil : null,
      copies,
      commands: commandsFor(copies, whyNot === "" ? await this.#standingAudit() : null),
      retention: { days: settings.days, megabytes: settings.megabytes },
      totalBytes,
    };
  }

  /** The audit library for programs that are started elsewhere; null where there can be none. */
  async #standingAudit(): Promise<string | null> {
    if (process.platform !== "linux" || (await whyUnusable(this.#natives.audit)) !== "") return null;
    this.#standing ??= RunFolder.standing(standingFolder(this.#options.dataFolder), {
      traces: this.folder,
      level: 0,
      modules: this.#options.modules().map(({ path }) => path),
      natives: this.#natives,
    }).catch(() => null);
    return (await this.#standing)?.audit ?? null;
  }

  /** The line for a terminal that runs a command with its calls recorded. @param line the command, quoted */
  async terminalLine(line: string): Promise<string> {
    if (hasCommandLine) return `npx tokenglass trace -- ${line}`;
    const audit = await this.#standingAudit();
    return audit === null ? line : `LD_AUDIT=${quote(audit)} ${line}`;
  }

  get #ids(): string[] {
    return this.#options.modules().map(({ id }) => id);
  }

  /**
   * The library that a token host is to load in place of its module's; null to load it directly. Where the spy
   * cannot be used, the module works without being recorded, and the state says why.
   */
  async through(kept: KeptModule): Promise<string | null> {
    this.#failed.delete(kept.id);
    try {
      const settings = await this.#settings.read();
      if (settings.modules !== "all" && !settings.modules.includes(kept.id)) return null;
      if (kept.path.startsWith(this.copies.folder)) return null;
      const why = await whyUnusable(this.#natives.spy);
      if (why !== "") return this.#notRecorded(kept.id, why);
      const level = levelNow(settings);
      const until = level === 2 ? Math.floor(Date.parse(settings.levelUntil ?? "") / 1000) : undefined;
      return await this.#own.copyFor(kept, { traces: this.folder, level, until });
    } catch (thrown) {
      return this.#notRecorded(kept.id, `The spy could not be put in front of it: ${(thrown as Error).message}`);
    }
  }

  /** A token host loads its module through the spy. */
  async recorded(process: number): Promise<void> {
    await this.#own.note(process);
  }

  /** The module could not be loaded through the spy, but directly. */
  loadedDirectly(kept: KeptModule, error: ErrorData): void {
    this.#notRecorded(kept.id, `The module could not be loaded through the spy, so it runs without: ${error.message}`);
  }

  #notRecorded(module: string, why: string): null {
    this.#failed.set(module, why);
    this.tell([]);
    return null;
  }

  /** @throws Failure REFUSED if there is no spy for this system */
  async choose({ modules, level, minutes }: CheckedInput<"recording.start">): Promise<void> {
    const why = await whyUnusable(this.#natives.spy);
    if (why !== "") throw noSpy(why);
    const before = (await this.#settings.read()).modules;
    const chosen = modules === undefined || before === "all" ? "all" : [...new Set([...before, ...modules])];
    await this.#settings.change({
      modules: chosen,
      level,
      levelUntil: level === 2 ? new Date(Date.now() + minutes * 60_000).toISOString() : null,
    });
    this.tell([]);
  }

  async unchoose(modules: readonly string[] | undefined): Promise<void> {
    const before = (await this.#settings.read()).modules;
    const listed = before === "all" ? this.#ids : before;
    await this.#settings.change({ modules: modules ? listed.filter((id) => !modules.includes(id)) : [] });
    for (const id of modules ?? [...this.#failed.keys()]) this.#failed.delete(id);
    this.tell([]);
  }

  async list(): Promise<RecordingFile[]> {
    const isOwn = await this.#own.recognise();
    return (await listTraces(this.folder)).map(({ started, changed, parent: _parent, ...file }) => ({
      ...file,
      started: new Date(started).toISOString(),
      changed: new Date(changed).toISOString(),
      own: isOwn(file.process, started),
    }));
  }

  async remove(names: readonly string[]): Promise<Removal> {
    const outcome = await removeTraces(this.folder, names);
    this.tell(outcome.removed);
    return outcome;
  }

  async setRetention(retention: { days: number; megabytes: number }): Promise<void> {
    await this.#settings.change(retention);
    await this.#tidy();
  }

  /** @param module path of the real module @throws Failure REFUSED */
  async copy(name: string, module: string, level: number) {
    const why = await whyUnusable(this.#natives.spy);
    if (why !== "") throw noSpy(why);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const made = await this.copies.make(name, { module, traces: this.folder, level, until: untilFor(level) });
    this.tell([]);
    return made;
  }

  tell(names: readonly string[]): void {
    this.#watch.tell(names);
  }

  async close(): Promise<void> {
    if (this.#hourly) clearInterval(this.#hourly);
    else this.#tidyNow();
    await this.#tidying;
    this.#watch.close();
    await this.runs.close();
  }

  /** What cannot be looked at or deleted now is left for the next time. */
  #tidyNow(): void {
    this.#tidying = this.#tidying.then(() => this.#tidy()).catch(() => {});
  }

  async #tidy(): Promise<void> {
    const files = await listTraces(this.folder);
    const names = outdated(files, await this.#settings.read());
    if (names.length > 0) await this.remove(names);
    await RunFolder.removeLeft(runsFolder(this.#options.dataFolder));
    await this.#own.tidy();
  }
}

const noSpy = (why: string) =>
  failure("REFUSED", {
    where: "recording",
    message: `Calls cannot be recorded here: ${why}`,
    remedy: "Build the native parts (npm run build:native), or use a package of Tokenglass that has them.",
  });
