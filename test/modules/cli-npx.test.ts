import { spawn } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testPins } from "../harness/app.ts";

/** The command line as the README has it: `npx tokenglass`, in the project's folder. */
const project = new URL("../..", import.meta.url).pathname;
let dataFolder: string;
let pinFile: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "tokenglass-npx-"));
  pinFile = join(dataFolder, "pins");
  await writeFile(pinFile, `${testPins.so}\n`, { mode: 0o600 });
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

const inShell = (command: string) => {
  const child = spawn("sh", ["-c", command], { cwd: project, env: { ...process.env, TOKENGLASS_DATA: dataFolder } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr })),
  );
};

const initialise = `npx tokenglass call tokens.initialise '${JSON.stringify({
  module: "demo",
  token: { serial: "", label: "" },
  label: "By npx",
})}'`;

test("npx finds the command, which is a file that may be run", async () => {
  expect((await stat(join(project, "build/tokenglass.mjs"))).mode & 0o111).toBe(0o111);
  const { exitCode, stdout } = await inShell("npx tokenglass --version");
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test("through npx a PIN comes from standard input", async () => {
  const { exitCode, stdout, stderr } = await inShell(`${initialise} --pin-fd 0 < ${pinFile}`);
  expect(exitCode, stdout + stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, value: { label: "By npx", initialised: true } });
});

test.each(["3", "4", "5", "6", "7", "8", "9"])(
  "descriptor %s, which npx does not pass on, is told with the way that works",
  async (fd) => {
    const { exitCode, stdout, stderr } = await inShell(`${initialise} --pin-fd ${fd} ${fd}< ${pinFile}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`File descriptor ${fd} (--pin-fd) cannot be read`);
    expect(stderr).toContain("--pin-fd 0 < pinfile");
    expect(stderr).not.toContain(testPins.so);
  },
);

test("without npx the same descriptor works", async () => {
  const command = initialise.replace("npx tokenglass", `${process.execPath} build/tokenglass.mjs`);
  const { exitCode, stdout, stderr } = await inShell(`${command} --pin-fd 3 3< ${pinFile}`);
  expect(exitCode, stdout + stderr).toBe(0);
});
