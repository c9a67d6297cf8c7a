import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import type { CheckedInput, Output } from "../../preload/contract/index.ts";
import type { RecordingRun } from "../../preload/contract/recording.ts";
import { commandLine } from "../commands/shell-words.ts";
import { failure } from "../pkcs11/failure.ts";
import { BoundedOutput } from "./bounded-output.ts";
import type { Natives } from "./natives.ts";
import { planFor } from "./plan.ts";
import { prepareRun } from "./prepare-run.ts";
import { type RunFolder, readSeen } from "./run-folder.ts";
import { recordingsOf, runsSecurely, runWarnings } from "./run-report.ts";
import { type MaskedCommand, maskSecrets, maskText, secretWarning } from "./secret-arguments.ts";
import { untilFor } from "./spy-configuration.ts";
import { listTraces } from "./trace-files.ts";

interface Run {
  id: string;
  command: MaskedCommand;
  child: ChildProcess;
  /** Null if nothing is recorded. */
  folder: RunFolder | null;
  begun: number;
  ended: number | null;
  exit: string | null;
  output: BoundedOutput;
  warnings: string[];
}

/** Ended runs that are still told. */
const keptMost = 20;
const endLimitMilliseconds = 3000;

export interface RunsOptions {
  /** Folder for the private folders of runs. */
  folder: string;
  traces: string;
  natives: Natives;
  /** Paths of the modules that the app keeps: they count as modules in any case. */
  modules(): string[];
  changed(): void;
}

/** Programs that the app started to record them. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  readonly #options: RunsOptions;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** @throws Failure FILE_FAILED if the program cannot be started at all */
  async start(wanted: CheckedInput<"recording.run">): Promise<Output<"recording.run">> {
    const cwd = wanted.folder ?? homedir();
    const [program = "", ...words] = wanted.command;
    const command = maskSecrets(wanted.command);
    const plan = await planFor(wanted.command, cwd);
    if (plan.program === null) throw cannotStart(program, plan.why);
    const { run: folder, why } = await prepareRun(plan, this.#options.folder, {
      traces: this.#options.traces,
      natives: this.#options.natives,
      level: wanted.level,
      until: untilFor(wanted.level),
      modules: [...this.#options.modules(), ...wanted.modules],
    });
    const child = spawn(program, words, {
      cwd,
      env: folder?.environment(process.env) ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    // Listened to before anything is waited for: Node throws away what nobody has asked for when a program exits.
    const output = new BoundedOutput();
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (bytes: Buffer) => {
        output.add(bytes);
        this.#options.changed();
      });
    const run: Run = {
      id: randomBytes(4).toString("hex"),
      command,
      child,
      folder,
      begun: Date.now(),
      ended: null,
      exit: null,
      output,
      warnings: [secretWarning(command), why === "" ? null : `Not recorded: ${why}`].filter((text) => text !== null),
    };
    await started(child).catch(async (error: Error) => {
      await folder?.remove();
      throw cannotStart(program, error.message);
    });
    if (folder && (await runsSecurely(child.pid ?? 0)))
      run.warnings.push(
        "Not recorded: the system runs the program in secure-execution mode, in which the loader ignores LD_AUDIT.",
      );
    this.#keep(run);
    return { run: run.id, process: child.pid ?? 0, warnings: run.warnings };
  }

  async rows(): Promise<RecordingRun[]> {
    // As they are before the files are listed: what is told as ended has all its recordings in the list.
    const runs = [...this.#runs.values()].reverse().map((run) => ({ ...run }));
    const files = await listTraces(this.#options.traces);
    return Promise.all(runs.map((run) => row(run, files)));
  }

  /** Ends a run's program and what it started: asked first, then made to. @throws Failure REFUSED for an unknown run */
  async end(id: string): Promise<void> {
    const run = this.#runs.get(id);
    if (!run)
      throw failure("REFUSED", {
        where: id,
        message: "There is no such run.",
        remedy: "`recording.runs` lists the programs that were started since the app was started.",
      });
    if (run.ended !== null) return;
    const gone = new Promise<void>((resolve) => run.child.once("close", () => resolve()));
    signal(run, "SIGTERM");
    const timer = setTimeout(() => signal(run, "SIGKILL"), endLimitMilliseconds);
    await gone;
    clearTimeout(timer);
  }

  /** Ends all of them, with the app. */
  async close(): Promise<void> {
    await Promise.all([...this.#runs.keys()].map((id) => this.end(id)));
    await Promise.all([...this.#runs.values()].map(({ folder }) => folder?.remove()));
  }

  #keep(run: Run): void {
    this.#runs.set(run.id, run);
    const ended = (code: number | null, signalName: string | null) => {
      run.ended = Date.now();
      run.exit = signalName ? `signal ${signalName}` : `exit code ${code}`;
      void this.#forgetOldest();
      this.#options.changed();
    };
    // `close` comes when the output is complete, which a daemon that the program left behind may delay for ever.
    run.child.once("close", ended);
    if (run.child.exitCode !== null && run.child.stdout?.closed) ended(run.child.exitCode, run.child.signalCode);
  }

  async #forgetOldest(): Promise<void> {
    const ended = [...this.#runs.values()].filter((run) => run.ended !== null);
    for (const run of ended.slice(0, Math.max(ended.length - keptMost, 0))) {
      this.#runs.delete(run.id);
      await run.folder?.remove();
    }
  }
}

const started = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });

const row = async (run: Run, files: Awaited<ReturnType<typeof listTraces>>): Promise<RecordingRun> => {
  const seen = (await run.folder?.seen()) ?? readSeen("");
  const { words, secrets } = run.command;
  return {
    run: run.id,
    command: commandLine(words),
    process: run.child.pid ?? 0,
    started: new Date(run.begun).toISOString(),
    ended: run.ended === null ? null : new Date(run.ended).toISOString(),
    exit: run.exit,
    output: maskText(run.output.text, secrets),
    recordings: recordingsOf(files, seen, run.begun).map(({ name }) => name),
    modules: seen.modules,
    warnings: [
      ...run.warnings,
      ...(run.warnings.some((text) => text.startsWith("Not recorded")) ? [] : runWarnings(seen, run.ended !== null)),
    ],
  };
};

/** To the whole process group: a shell script's children are part of the run. */
const signal = ({ child }: Run, name: "SIGTERM" | "SIGKILL"): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name);
  } catch {
    // It has ended meanwhile.
  }
};

const cannotStart = (program: string, why: string) =>
  failure("FILE_FAILED", {
    where: program,
    message: `The program could not be started: ${why}`,
    remedy: "Give the program's full path, or check its name and that you may execute it.",
  });

export const tracesFolder = (dataFolder: string): string => join(dataFolder, "traces");
export const spyFolder = (dataFolder: string): string => join(dataFolder, "spy");
export const standingFolder = (dataFolder: string): string => join(spyFolder(dataFolder), "any");
export const runsFolder = (dataFolder: string): string => join(spyFolder(dataFolder), "runs");
