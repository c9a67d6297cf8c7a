import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nativeLibrary } from "../harness/native.ts";

/** What becomes of token hosts when the app is killed and can end them no more. */
const cli = new URL("../../dist/main/cli.js", import.meta.url).pathname;
let dataFolder: string;
let parent: ChildProcess | null = null;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "tokenglass-orphans-"));
});
afterEach(async () => {
  parent?.kill("SIGKILL");
  for (const pid of await hosts()) process.kill(pid, "SIGKILL");
  await rm(dataFolder, { recursive: true, force: true });
});

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

/** Starts a module in a process of its own and waits until its host has been at it for a while. */
const begin = async (library: string, behaviour: string): Promise<void> => {
  const path = nativeLibrary(library);
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  const input = { path, sha256, environment: { TOKENGLASS_MOCK: behaviour } };
  parent = spawn(process.execPath, [cli, "call", "modules.add", JSON.stringify(input), "--follow"], {
    env: { ...process.env, TOKENGLASS_DATA: dataFolder },
    stdio: "ignore",
  });
  await expect.poll(hosts, { timeout: 10_000 }).not.toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await hosts()).not.toEqual([]);
};

const onLinux = test.skipIf(process.platform !== "linux");

onLinux.each([
  ["broken/hang-on-load", ""],
  ["mock", "fault=hang:C_GetInfo"],
])("a token host whose module hangs for good (%s %s) ends soon after its parent was killed", async (library, fault) => {
  await begin(library, fault);
  parent?.kill("SIGKILL");
  await expect.poll(hosts, { timeout: 14_000 }).toEqual([]);
});

onLinux("one whose module listens has time to finalise first", async () => {
  await begin("mock", "fault=slow:C_Finalize:2500");
  parent?.kill("SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await hosts()).toHaveLength(1);
  await expect.poll(hosts, { timeout: 5000 }).toEqual([]);
});

onLinux("a host that is ended by its own parent is not in the way of anything", async () => {
  await begin("mock", "");
  parent?.kill("SIGINT");
  await expect.poll(hosts, { timeout: 5000 }).toEqual([]);
});
