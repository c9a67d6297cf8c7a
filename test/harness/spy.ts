import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNative } from "../../build/native.mjs";
import { softHsmLibrary } from "./softhsm-writer.ts";

/** PINs of the spy's test token: unique, so that they can be looked for everywhere. */
export const spyPins = { user: "Zq7-spy-pin-41", so: "Xk3-spy-so-pin-97", next: "Wm9-spy-new-pin-23" } as const;

export interface TraceLine {
  s?: number;
  b?: number;
  k?: string;
  f?: string;
  r?: string;
  h?: number;
  v?: string;
  n?: number;
  why?: string;
  text?: string;
  parent?: string;
  part?: number;
  level?: number;
  pid?: number;
  i?: Record<string, unknown>;
  o?: Record<string, unknown>;
}

export interface SpyFolder {
  /** Everything of this test, the token store included. */
  folder: string;
  traces: string;
  spy: string;
  /** Environment for a program that is recorded; SoftHSM behind the spy unless said otherwise. */
  env: Record<string, string>;
  /** Runs a program through the spy. */
  run(command: string, args: readonly string[], env?: Record<string, string>): Ran;
  /** Names of the trace files, oldest first. */
  files(): string[];
  /** Lines of one file, or of all; a line that is not JSON is an error. */
  lines(name?: string): TraceLine[];
  /** Forgets what was recorded. */
  clear(): void;
  remove(): void;
}

export interface Ran {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

const parse = (text: string): TraceLine[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** A folder with a SoftHSM token, the spy, and a place for traces. @param withToken whether a token is initialised */
export const openSpyFolder = (withToken = false): SpyFolder => {
  buildNative();
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-spy-"));
  const traces = join(folder, "traces");
  mkdirSync(traces, { mode: 0o700 });
  mkdirSync(join(folder, "tokens"));
  writeFileSync(join(folder, "softhsm2.conf"), `directories.tokendir = ${join(folder, "tokens")}\nlog.level = ERROR\n`);
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    SOFTHSM2_CONF: join(folder, "softhsm2.conf"),
    TOKENGLASS_SPY_MODULE: softHsmLibrary,
    TOKENGLASS_SPY_DIR: traces,
  };
  if (withToken)
    execFileSync(
      "softhsm2-util",
      ["--init-token", "--free", "--label", "spied", "--pin", spyPins.user, "--so-pin", spyPins.so],
      { env, stdio: "ignore" },
    );
  const files = () => readdirSync(traces).sort();
  return {
    folder,
    traces,
    spy: new URL("../../dist/native/tokenglass-spy.so", import.meta.url).pathname,
    env,
    run: (command, args, more = {}) => {
      const { status, signal, stdout, stderr } = spawnSync(command, args, {
        env: { ...env, ...more },
        encoding: "utf8",
        timeout: 120_000,
        maxBuffer: 1 << 26,
      });
      return { status, signal, stdout, stderr };
    },
    files,
    lines: (name) => (name ? [name] : files()).flatMap((file) => parse(readFileSync(join(traces, file), "utf8"))),
    clear: () => {
      for (const file of files()) rmSync(join(traces, file));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
