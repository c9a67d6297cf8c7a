import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { KeptFile } from "../modules/kept.ts";
import { builtNatives } from "./natives.ts";
import { planFor } from "./plan.ts";
import { prepareRun } from "./prepare-run.ts";
import type { RunFolder, RunWishes } from "./run-folder.ts";
import { recordingsOf, runsSecurely, runWarnings } from "./run-report.ts";
import { runsFolder, tracesFolder } from "./runs.ts";
import { maskSecrets, secretWarning } from "./secret-arguments.ts";
import { untilFor } from "./spy-configuration.ts";
import { listTraces } from "./trace-files.ts";
import { summarise, summaryText } from "./trace-summary.ts";

export interface TraceWishes {
  command: readonly string[];
  level: number;
  /** Folder for the recordings; the app's own if null. */
  folder: string | null;
  /** Files that count as PKCS#11 modules, whatever their symbol tables say. */
  modules: readonly string[];
  /** Leave the run's private folder: the copies of the spy and the list of what was loaded. */
  keep: boolean;
  dataFolder: string;
}

/** The shells' codes for a command that is not there. */
const notFoundCode = 127;

/**
 * Runs a command in the caller's terminal with its PKCS#11 calls recorded, and says afterwards where they are. Whatever is
 * wrong with the recording, the command runs.
 * @param say writes a line for the person, not to the command's own output
 * @returns the command's exit code, 128 + number for a signal as shells do, 127 if it is not there
 */
export const traceCommand = async (wanted: TraceWishes, say: (line: string) => void): Promise<number> => {
  const secrets = secretWarning(maskSecrets(wanted.command));
  if (secrets) say(`Warning: ${secrets}`);
  const plan = await planFor(wanted.command, process.cwd());
  if (plan.program === null) {
    say(`${wanted.command[0]}: ${plan.why}`);
    if (process.platform === "linux") return notFoundCode;
  }
  const traces = wanted.folder ?? tracesFolder(wanted.dataFolder);
  const { run, why } = await prepareRun(plan, runsFolder(wanted.dataFolder), await wishesFor(wanted, traces));
  if (why !== "") say(`Not recorded. ${why}`);
  const begun = Date.now();
  const code = await runInTerminal(wanted.command, run?.environment(process.env) ?? process.env, say);
  if (run) await report(run, traces, begun, wanted.keep, say);
  return code;
};

const wishesFor = async ({ level, modules, dataFolder }: TraceWishes, traces: string): Promise<RunWishes> => ({
  traces,
  natives: builtNatives,
  level,
  until: untilFor(level),
  modules: [...(await keptPaths(dataFolder)), ...modules],
});

/** Paths of the modules that the app keeps; a damaged list is the app's business. */
const keptPaths = async (dataFolder: string): Promise<string[]> =>
  KeptFile.open(dataFolder).then(
    ({ content }) => content.modules.map(({ path }) => path),
    () => [],
  );

/** Ctrl-C reaches the command by itself, as part of the terminal's foreground group; other signals are passed on. */
const runInTerminal = (
  [program = "", ...words]: readonly string[],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(program, words, { stdio: "inherit", env: environment });
    const ignore = () => {};
    const pass = (name: NodeJS.Signals) => void child.kill(name);
    process.on("SIGINT", ignore).on("SIGQUIT", ignore).on("SIGTERM", pass).on("SIGHUP", pass);
    const done = (code: number) => {
      process.off("SIGINT", ignore).off("SIGQUIT", ignore).off("SIGTERM", pass).off("SIGHUP", pass);
      resolve(code);
    };
    child.once("spawn", async () => {
      if (environment["LD_AUDIT"] && (await runsSecurely(child.pid ?? 0)))
        say("Not recorded: the system runs this program in secure-execution mode, in which LD_AUDIT is ignored.");
    });
    child.once("error", (error) => {
      say(`${program}: ${error.message}`);
      done(notFoundCode);
    });
    child.once("exit", (code, signal) => done(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });

const report = async (
  run: RunFolder,
  traces: string,
  begun: number,
  keep: boolean,
  say: (line: string) => void,
): Promise<void> => {
  const seen = await run.seen();
  for (const warning of runWarnings(seen, true)) say(`Note: ${warning}`);
  for (const { name, program, process: id, module } of recordingsOf(await listTraces(traces), seen, begun)) {
    const path = join(traces, name);
    say(`Recorded ${program} (process ${id}), ${module}`);
    say(`  ${summaryText(await summarise(path))}`);
    say(`  ${path}`);
  }
  if (keep) say(`Kept: ${run.path}`);
  else if (!(await run.remove())) say(`A process of this run is still there; it is recorded from ${run.path}.`);
};
