import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNative } from "../../build/native.mjs";
import softhsmPaths from "../../main/modules/softhsm-paths.json" with { type: "json" };

/** The bundled command line; `node build/bundle.mjs` makes it. */
const cli = new URL("../../dist/main/cli.js", import.meta.url).pathname;

export const softhsm = softhsmPaths.find((path) => existsSync(path)) ?? "";

/** PINs that are nowhere else, so that a search finds every leak. */
export const programPins = { so: "so-5517-programs", user: "user-9034-programs" } as const;

/** One call line of a recording. */
export interface RecordedCall {
  f: string;
  r?: string;
  T: number;
  i?: Record<string, unknown>;
  o?: Record<string, unknown>;
}

export interface Recorded {
  name: string;
  header: Record<string, unknown>;
  calls: RecordedCall[];
  text: string;
}

/** Reads every recording of a folder, oldest first. */
export const readRecordings = async (folder: string): Promise<Recorded[]> => {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".p11.jsonl")).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      const lines = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const calls = lines.filter((line) => "s" in line) as unknown as RecordedCall[];
      return { name, header: lines[0] ?? {}, calls, text };
    }),
  );
};

export interface ProgramRun {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Workbench {
  folder: string;
  dataFolder: string;
  traces: string;
  environment: NodeJS.ProcessEnv;
  /** Runs a command as it is. */
  plain(command: string[], more?: NodeJS.ProcessEnv): ProgramRun;
  /** Runs it by `tokenglass trace`. */
  traced(command: string[], options?: string[], more?: NodeJS.ProcessEnv): ProgramRun;
  /** Recordings since the last call of this. */
  fresh(): Promise<Recorded[]>;
  close(): Promise<void>;
}

/** A SoftHSM store of its own with one token "Traced" and an RSA key pair, a data folder, and ways to run programs. */
export const openWorkbench = async (): Promise<Workbench> => {
  buildNative();
  const folder = await mkdtemp(join(tmpdir(), "tokenglass-recording-"));
  const dataFolder = join(folder, "data");
  await writeFile(join(folder, "softhsm2.conf"), `directories.tokendir = ${folder}\nlog.level = ERROR\n`);
  const environment = {
    ...process.env,
    SOFTHSM2_CONF: join(folder, "softhsm2.conf"),
    TOKENGLASS_DATA: dataFolder,
    TEST_PIN: programPins.user,
    LC_ALL: "C",
  };
  const pkcs11Tool = (...words: string[]) =>
    execFileSync("pkcs11-tool", ["--module", softhsm, ...words], {
      env: { ...environment, TEST_SO_PIN: programPins.so },
      stdio: "pipe",
    });
  pkcs11Tool("--init-token", "--slot-index", "0", "--label", "Traced", "--so-pin", "env:TEST_SO_PIN");
  pkcs11Tool("--init-pin", "--login", "--login-type", "so", "--so-pin", "env:TEST_SO_PIN", "--new-pin", "env:TEST_PIN");
  const login = ["--login", "--pin", "env:TEST_PIN"];
  pkcs11Tool(...login, "--keypairgen", "--key-type", "rsa:2048", "--label", "signer", "--id", "01");
  const run = (command: string[], more: NodeJS.ProcessEnv = {}): ProgramRun => {
    const [program = "", ...words] = command;
    const { status, stdout, stderr } = spawnSync(program, words, {
      env: { ...environment, ...more },
      encoding: "utf8",
      timeout: 40_000,
      input: "",
    });
    return { status, stdout, stderr };
  };
  const seen = new Set<string>();
  const traces = join(dataFolder, "traces");
  return {
    folder,
    dataFolder,
    traces,
    environment,
    plain: run,
    traced: (command, options = [], more = {}) =>
      run([process.execPath, cli, "trace", ...options, "--", ...command], more),
    fresh: async () => {
      const all = (await readRecordings(traces)).filter(({ name }) => !seen.has(name));
      for (const { name } of all) seen.add(name);
      return all;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
};

/** Starts a program that stays; its end is waited for by `close`. */
export const startProgram = (command: string[], environment: NodeJS.ProcessEnv) => {
  const [program = "", ...words] = command;
  const child = spawn(program, words, { env: environment, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    pid: child.pid ?? 0,
    input: child.stdin,
    get output() {
      return output;
    },
    close: async () => {
      child.kill();
      await ended;
    },
  };
};
