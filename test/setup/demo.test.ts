import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { initialisedToken, openTestApp } from "../harness/app.ts";

const demo = new URL("../../dist/main/demo.js", import.meta.url).pathname;
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokenglass-demo-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs what `npm start` runs without a display. */
const runDemo = (dataFolder: string, interruptAt?: string) =>
  new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, [demo], { env: { ...process.env, TOKENGLASS_DATA: dataFolder } });
    let output = "";
    let interrupted = false;
    const take = (chunk: Buffer) => {
      output += chunk;
      if (!interrupted && interruptAt && output.includes(interruptAt)) interrupted = child.kill("SIGINT");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("close", (code) => resolve({ code, output }));
  });

const storedTokens = (dataFolder: string) => readdir(join(dataFolder, "softhsm", "tokens"));

test("the main job runs in the terminal from an empty folder to a clean one", async () => {
  const { code, output } = await runDemo(folder);
  expect(output).toMatch(/RSA-2048 key pair .* test signature \S+ verified/);
  expect(output).toMatch(/EC P-256 key pair .* test signature \S+ verified/);
  expect(output).toMatch(/certificate +demo EC .*CN=Tokenglass demo/);
  expect(output).toMatch(/Rename the certificate .* "renamed certificate"/);
  expect(output).toMatch(/^All \d+ steps done in /m);
  expect(code).toBe(0);
  expect(await storedTokens(folder)).toEqual([]);
});

test("a token that is in the store already is left as it is", async () => {
  const app = await openTestApp();
  try {
    const { module, token } = await initialisedToken(app, "Mine");
    const content = Buffer.from("kept").toString("base64");
    await app.call("objects.writeData", { module, token, label: "kept", content, private: false });
    await app.call("modules.stop", { module });
    expect((await runDemo(app.dataFolder)).code).toBe(0);
    await app.call("modules.start", { module });
    const { rows } = await app.call("objects.list", { module, token });
    expect(rows.map(({ label }) => label)).toEqual(["kept"]);
    expect(await storedTokens(app.dataFolder)).toHaveLength(1);
  } finally {
    await app.close();
  }
});

test("interrupted half-way, it still leaves no token behind", async () => {
  const { code, output } = await runDemo(folder, "Log in as user");
  expect(output).toContain("Interrupted");
  expect(code).toBe(130);
  expect(await storedTokens(folder)).toEqual([]);
});

test("a failure is told in words, with exit code 1", async () => {
  const { code, output } = await runDemo("/dev/null/nowhere");
  expect(output).toContain("/dev/null/nowhere");
  expect(output).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
});
