import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Writable } from "node:stream";

/** The bundled command line; `node build/bundle.mjs` makes it. */
const entry = new URL("../../dist/main/cli.js", import.meta.url).pathname;

export interface CliRun {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** /proc/<pid>/cmdline and environ as they were while it ran; what every user of the machine could read. */
  visible: string;
}

/** Runs `tokenglass` as a process of its own. `pins` become the lines of descriptor 3; `input` is its standard input. */
export const runCli = async (
  words: string[],
  options: { dataFolder: string; pins?: string[]; input?: string; until?: (stdout: string) => boolean },
): Promise<CliRun> => {
  const child = spawn(process.execPath, [entry, ...words, ...(options.pins ? ["--pin-fd", "3"] : [])], {
    env: { ...process.env, TOKENGLASS_DATA: options.dataFolder },
    stdio: ["pipe", "pipe", "pipe", options.pins ? "pipe" : "ignore"],
    // A session of its own: without a controlling terminal, as in a script.
    detached: true,
  });
  const visible = await visibleOf(child.pid);
  let stdout = "";
  let stderr = "";
  let interrupted = false;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (interrupted || !options.until?.(stdout)) return;
    interrupted = child.kill("SIGINT");
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin?.on("error", () => {});
  child.stdin?.end(options.input ?? "");
  const pipe = child.stdio[3] as Writable | null;
  pipe?.on("error", () => {});
  pipe?.end((options.pins ?? []).map((pin) => `${pin}\n`).join(""));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { exitCode, stdout, stderr, visible };
};

const visibleOf = async (pid: number | undefined): Promise<string> => {
  const parts = ["cmdline", "environ"].map((name) => readFile(`/proc/${pid}/${name}`, "latin1").catch(() => ""));
  return (await Promise.all(parts)).join("\n");
};
