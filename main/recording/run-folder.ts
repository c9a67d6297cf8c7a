import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../files/process-state.ts";
import type { Natives } from "./natives.ts";
import { spyLines } from "./spy-configuration.ts";
import { writeWhole } from "./spy-copies.ts";

export interface RunWishes {
  /** Folder for the recordings. */
  traces: string;
  level: number;
  until?: number | undefined;
  /** Files that count as PKCS#11 modules, whatever their symbol tables say. */
  modules: readonly string[];
  natives: Natives;
}

/** What the audit library noted of a run (native/audit/seen.h). */
export interface Seen {
  processes: Map<number, { parent: number; program: string }>;
  modules: { process: number; path: string; recorded: boolean; why: string }[];
}

/** LD_AUDIT divides its entries by colons, and the loader expands `$`. */
const unfit = /[:$\n]/;

/**
 * A private folder from which the dynamic loader takes the audit library: with its settings, the spy, and later a copy of
 * the spy for each module that is loaded, and the list of what was seen.
 */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * A folder of its own for one run of a program.
   * @param folder the app's folder for runs; the system's temporary one is used if its name does not suit the loader
   */
  static async make(folder: string, wishes: RunWishes): Promise<RunFolder> {
    const parent = unfit.test(folder) ? tmpdir() : folder;
    await mkdir(parent, { recursive: true, mode: 0o700 });
    return RunFolder.#fill(await mkdtemp(join(parent, `run-${process.pid}-`)), wishes);
  }

  /**
   * The folder for programs that are started elsewhere with its audit library in LD_AUDIT. Stays; written anew if it is there.
   * @returns null if its name does not suit the loader
   */
  static async standing(path: string, wishes: RunWishes): Promise<RunFolder | null> {
    if (unfit.test(path)) return null;
    await mkdir(path, { recursive: true, mode: 0o700 });
    await rm(join(path, "seen"), { force: true });
    return RunFolder.#fill(path, wishes);
  }

  /** Deletes folders of runs that an app left behind which was killed. */
  static async removeLeft(folder: string): Promise<void> {
    for (const name of await readdir(folder).catch(() => [])) {
      const owner = Number(/^run-(\d+)-/.exec(name)?.[1]);
      if (owner && !(await isRunning(owner, Date.now()))) await new RunFolder(join(folder, name)).remove();
    }
  }

  static async #fill(path: string, { modules, natives, ...spy }: RunWishes): Promise<RunFolder> {
    const run = new RunFolder(path);
    await mkdir(spy.traces, { recursive: true, mode: 0o700 });
    await writeWhole(run.#spy, await readFile(natives.spy));
    await writeWhole(run.audit, await readFile(natives.audit));
    const lines = [
      `spy=${run.#spy}`,
      ...modules.filter((module) => !/\n/.test(module)).map((module) => `module=${module}`),
      ...spyLines(spy).map((line) => `spy.${line}`),
    ];
    await writeWhole(`${run.audit}.conf`, `${lines.join("\n")}\n`);
    return run;
  }

  /** Path of the audit library. */
  get audit(): string {
    return join(this.path, "tokenglass-audit.so");
  }

  get #spy(): string {
    return join(this.path, "tokenglass-spy.so");
  }

  /** The environment that makes the dynamic loader take the audit library; one that was named before stays. */
  environment(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const before = base["LD_AUDIT"];
    return { ...base, LD_AUDIT: before ? `${this.audit}:${before}` : this.audit };
  }

  async seen(): Promise<Seen> {
    return readSeen(await readFile(join(this.path, "seen"), "utf8").catch(() => ""));
  }

  /** Deletes the folder, unless a process of the run is still there: its modules are loaded from it. */
  async remove(): Promise<boolean> {
    const { processes } = await this.seen();
    for (const id of processes.keys()) if (await isRunning(id, Date.now())) return false;
    await rm(this.path, { recursive: true, force: true });
    return true;
  }
}

/** Reads the lines of the list `seen`; one that is cut short is left out. */
export const readSeen = (text: string): Seen => {
  const seen: Seen = { processes: new Map(), modules: [] };
  for (const line of text.split("\n").slice(0, -1)) {
    const [kind, id, first, second, ...rest] = line.split("\t");
    if (first === undefined || second === undefined || rest.length > 0) continue;
    const process = Number(id);
    if (kind === "process") seen.processes.set(process, { parent: Number(first), program: second });
    if (kind === "traced") seen.modules.push({ process, path: first, recorded: true, why: "" });
    if (kind === "left") seen.modules.push({ process, path: first, recorded: false, why: second });
  }
  return { ...seen, modules: distinct(seen.modules) };
};

const distinct = (modules: Seen["modules"]): Seen["modules"] => [
  ...new Map(modules.map((module) => [`${module.process} ${module.path} ${module.recorded}`, module])).values(),
];
