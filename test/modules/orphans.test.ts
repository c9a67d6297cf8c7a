import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nativeLibrary } from "../harness/native.ts";

const cli = new URL("../../dist/main/cli.js", import.meta.url).pathname;
let dataFolder: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "tokenglass-orphans-"));
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

/** Token hosts of this test, told by their command and their data folder. */
const hosts = async (): Promise<number[]> => {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    const environment = await readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
    if (command.includes("host.js") && environment.includes(dataFolder)) found.push(Number(name));
  }
  return found;
};

const begin = (words: string[]): ChildProcess =>
  spawn(process.execPath, [cli, "call", ...words], {
    env: { ...process.env, TOKENGLASS_DATA: dataFolder },
    stdio: "ignore",
  });

test("a token host whose module hangs ends with its parent, however that was ended", async () => {
  const path = nativeLibrary("broken/hang-on-load");
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  const parent = begin(["modules.add", JSON.stringify({ path, sha256 })]);
  await expect.poll(hosts, { timeout: 10_000 }).toHaveLength(1);
  // Long enough to be inside the library's constructor, which never comes back.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await hosts()).toHaveLength(1);
  parent.kill("SIGKILL");
  await expect.poll(hosts, { timeout: 5000 }).toEqual([]);
});
