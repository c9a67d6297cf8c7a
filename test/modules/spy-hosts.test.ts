import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { buildProgram, buildSanitized } from "../../build/native.mjs";
import { nativeLibrary } from "../harness/native.ts";
import { openSpyFolder, type SpyFolder, type TraceLine } from "../harness/spy.ts";

let spied: SpyFolder;
let host: string;
const isRoot = process.getuid?.() === 0;

beforeAll(() => {
  spied = openSpyFolder(true);
  host = buildProgram("host");
});
beforeEach(() => spied.clear());
afterAll(() => spied.remove());

const calls = (lines: TraceLine[]) => lines.filter(({ s }) => s !== undefined);
const ends = (lines: TraceLine[]) => lines.filter(({ k }) => k === "end").map(({ why }) => why);
/** Sequence numbers from 0 on, each once. */
const hasNoGap = (lines: TraceLine[]) => {
  const numbers = calls(lines)
    .map(({ s }) => s ?? -1)
    .sort((a, b) => a - b);
  return numbers.every((number, index) => number === index);
};

test("one file a process, for nobody else to read, with a header, every call, and an end", () => {
  expect(spied.run(host, [spied.spy, "plain", "5"]).stdout).toBe("0x0 5\n");
  const [file = ""] = spied.files();
  expect(file).toMatch(/^\d{8}T\d{9}Z-\d+-host\.p11\.jsonl$/);
  expect(statSync(join(spied.traces, file)).mode & 0o777).toBe(0o600);
  const lines = spied.lines();
  expect(lines[0]).toMatchObject({ k: "header", v: 1, level: 0, module: expect.stringContaining("libsofthsm2.so") });
  expect(calls(lines).map(({ f }) => f)).toEqual([
    "C_GetFunctionList",
    "C_Initialize",
    ...Array(5).fill("C_GetInfo"),
    "C_Finalize",
  ]);
  expect(ends(lines)).toEqual(["C_Finalize", "unload"]);
});

test("standard input, output and error that are closed stay closed, and nothing of the trace goes there", () => {
  expect(spied.run(host, [spied.spy, "closed"]).stdout).toBe("0x0 20 free\n");
  expect(calls(spied.lines()).length).toBe(22);
});

test("a program that closes all descriptors and opens files in their place finds nothing of the trace in them", () => {
  const file = join(spied.folder, "in-their-place");
  expect(spied.run(host, [spied.spy, "close-all", "20", file]).stdout).toBe("0x0 40\n");
  expect(readFileSync(file, "utf8")).toBe("");
});

test("each child of a fork writes a file of its own that names its parent's", () => {
  expect(spied.run(host, [spied.spy, "fork", "10"]).stdout).toBe("0x0 20\n");
  const files = spied.files();
  expect(files).toHaveLength(6);
  const parents = files.map((name) => spied.lines(name)[0]?.parent);
  const [parent] = files.filter((name) => spied.lines(name)[0]?.parent === undefined);
  expect(parents.filter((name) => name === parent)).toHaveLength(5);
  for (const name of files) expect(hasNoGap(spied.lines(name)), name).toBe(true);
});

test("loaded and unloaded 50 times, it keeps one file and no further descriptors", () => {
  expect(spied.run(host, [spied.spy, "loop"]).stdout).toBe("0x0 50 0\n");
  expect(spied.files()).toHaveLength(1);
});

test("errno is what the module left", () => {
  expect(spied.run(host, [spied.spy, "errno"]).status).toBe(0);
});

test.each([
  [
    "a link to itself",
    () => {
      const link = join(spied.folder, "link.so");
      symlinkSync(spied.spy, link);
      return [link, "The module is the spy itself"];
    },
  ],
  [
    "another copy of the spy",
    () => {
      const copy = join(spied.folder, "copy.so");
      copyFileSync(spied.spy, copy);
      return [copy, "The module is a spy, too"];
    },
  ],
  ["a library without PKCS#11", () => ["libc.so.6", "The module has no C_GetFunctionList"]],
  ["a file that is not there", () => ["/no/such/module.so", "The module cannot be loaded"]],
  ["nothing", () => ["", "No module is named"]],
])("with %s as the module it answers CKR_GENERAL_ERROR and says why in the trace", (_, make) => {
  const [module = "", why = ""] = make();
  expect(spied.run(host, [spied.spy, "plain"], { TOKENGLASS_SPY_MODULE: module }).stdout).toBe("0x5 0\n");
  const lines = spied.lines();
  expect(lines.map(({ k }) => k)).toEqual(["header", "note", "end"]);
  expect(lines[1]?.text).toContain(why);
});

test("a module without interfaces has its 2.40 list offered as one; 3.x can be hidden", () => {
  const refused = "0x7 0x7 0x7";
  expect(spied.run(host, [spied.spy, "interfaces"]).stdout).toBe(`2.40 2.40 2.40 ${refused} 0x0 1\n`);
  const module = { TOKENGLASS_SPY_MODULE: nativeLibrary("recorder") };
  expect(spied.run(host, [spied.spy, "interfaces"], module).stdout).toBe("3.2 3.2 0x7 3.0 0x7 3.2 0x0 3\n");
  // Its list of 2.40 claims to be of 3.0, which is passed on as it is.
  const hidden = spied.run(host, [spied.spy, "interfaces"], { ...module, TOKENGLASS_SPY_ONLY_2_40: "yes" });
  expect(hidden.stdout).toBe(`3.0 3.0 3.0 ${refused} 0x0 1\n`);
});

test("settings beside a copy of the library are enough, and win over the environment", () => {
  const copy = join(spied.folder, "spy for SoftHSM.so");
  const traces = join(spied.folder, "traces");
  copyFileSync(spied.spy, copy);
  writeFileSync(
    `${copy}.conf`,
    `# made for a test\nmodule = ${spied.env.TOKENGLASS_SPY_MODULE}\ndir=${traces}\nlevel=1\n`,
  );
  const env = {
    TOKENGLASS_SPY_MODULE: "/no/such/module.so",
    TOKENGLASS_SPY_DIR: "/no/such/folder",
    TOKENGLASS_SPY_LEVEL: "2",
  };
  expect(spied.run(host, [copy, "plain"], env).stdout).toBe("0x0 20\n");
  expect(spied.lines()[0]?.level).toBe(1);
});

test("PKCS11SPY, the variable of OpenSC's spy, names the module too", () => {
  const env = { TOKENGLASS_SPY_MODULE: "", PKCS11SPY: spied.env.TOKENGLASS_SPY_MODULE ?? "" };
  expect(spied.run(host, [spied.spy, "plain"], env).stdout).toBe("0x0 20\n");
});

test("without a folder that it may use, calls go through and nothing is recorded", () => {
  const others = join(spied.folder, "writable-for-all");
  mkdirSync(others);
  chmodSync(others, 0o777);
  for (const folder of [others, "/proc/no/folder", "/dev/null", "/no/such/folder/deep"])
    expect(spied.run(host, [spied.spy, "plain"], { TOKENGLASS_SPY_DIR: folder }).stdout).toBe("0x0 20\n");
  expect(spied.files()).toEqual([]);
});

test("with no folder named, the trace is in the user's state folder", () => {
  const state = join(spied.folder, "state");
  mkdirSync(state);
  spied.run(host, [spied.spy, "plain"], { TOKENGLASS_SPY_DIR: "", XDG_STATE_HOME: state });
  expect(statSync(join(state, "tokenglass/trace")).mode & 0o777).toBe(0o700);
  expect(execFileSync("ls", [join(state, "tokenglass/trace")], { encoding: "utf8" })).toMatch(/host\.p11\.jsonl\n$/);
});

test("RLIMIT_FSIZE, there from the start, ends the recording, not the program", () => {
  const ran = spied.run("sh", ["-c", `ulimit -f 40; exec ${host} ${spied.spy} plain 2000`]);
  expect(ran).toMatchObject({ status: 0, stdout: "0x0 2000\n" });
  const [file = ""] = spied.files();
  expect(statSync(join(spied.traces, file)).size).toBeLessThanOrEqual(40 * 1024);
  expect(spied.lines().some(({ text }) => text?.includes("RLIMIT_FSIZE"))).toBe(true);
});

test("RLIMIT_FSIZE that comes later is seen as well", () => {
  expect(spied.run(host, [spied.spy, "limit-later", "60"])).toMatchObject({ status: 0, stdout: "0x0 120\n" });
  expect(spied.run(host, [spied.spy, "limit-later", "1000"])).toMatchObject({ status: 0, stdout: "0x0 2000\n" });
});

test.skipIf(!isRoot)("a full disk loses calls, counts them, and goes on when there is room again", ({ skip }) => {
  const small = join(spied.folder, "small");
  mkdirSync(small);
  // In a mount namespace of its own: 64 KB, most of them taken. The calls last several times as long as the disk is full.
  const script = `mount -t tmpfs -o size=64k,mode=700 tmpfs ${small} && head -c 40000 /dev/zero > ${small}/filler &&
    { (sleep 0.1; rm ${small}/filler) & TOKENGLASS_SPY_DIR=${small} ${host} ${spied.spy} plain 600000 && cat ${small}/*.jsonl; }`;
  const ran = spied.run("unshare", ["-m", "sh", "-c", script]);
  skip(ran.stderr.includes("unshare"), "no mount namespace can be made here");
  expect(ran.stdout).toMatch(/^0x0 600000\n/);
  const text = ran.stdout.slice(ran.stdout.indexOf("\n") + 1);
  const broken: string[] = [];
  const lines = text.split("\n").flatMap((line): TraceLine[] => {
    try {
      return line ? [JSON.parse(line)] : [];
    } catch {
      broken.push(line);
      return [];
    }
  });
  const lost = lines.filter(({ k }) => k === "lost");
  expect(lost[0]?.why).toBe("ENOSPC");
  // Only lines that the disk cut off; each stands alone.
  expect(broken.length).toBeLessThanOrEqual(lost.length + 1);
});

test.skipIf(!isRoot)("in a setuid program the environment does not count, and only root's own settings record", () => {
  const folder = execFileSync("mktemp", ["-d", "/var/tmp/tokenglass-setuid-XXXXXX"], { encoding: "utf8" }).trim();
  try {
    chmodSync(folder, 0o755);
    const program = join(folder, "host");
    const spy = join(folder, "spy.so");
    copyFileSync(host, program);
    copyFileSync(spied.spy, spy);
    const module = join(folder, "mock.so");
    copyFileSync(nativeLibrary("mock"), module);
    chmodSync(program, 0o4755);
    const traces = join(folder, "traces");
    mkdirSync(traces, { mode: 0o700 });
    const asNobody = () =>
      spied.run("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", program, spy, "plain"], {
        TOKENGLASS_SPY_MODULE: module,
        TOKENGLASS_SPY_DIR: traces,
      });
    expect(asNobody().stdout).toBe("0x5 0\n");
    writeFileSync(`${spy}.conf`, `module=${module}\ndir=${traces}\n`);
    expect(asNobody().stdout).toBe("0x0 20\n");
    expect(execFileSync("ls", [traces], { encoding: "utf8" })).toMatch(/host\.p11\.jsonl/);
    // Whoever can write the settings could say where root writes.
    chmodSync(`${spy}.conf`, 0o666);
    expect(asNobody().stdout).toBe("0x5 0\n");
  } finally {
    execFileSync("rm", ["-rf", folder]);
  }
});

test("a call that never returned is seen after kill -9", () => {
  const env = { TOKENGLASS_SPY_MODULE: nativeLibrary("mock"), TOKENGLASS_MOCK: "fault=hang:C_WaitForSlotEvent" };
  expect(spied.run(buildProgram("hammer"), [spied.spy, "1", "1", "die"], env).signal).toBe("SIGKILL");
  const last = spied.lines().at(-1);
  expect(last).toMatchObject({ f: "C_WaitForSlotEvent" });
  expect(last?.b).toBe(calls(spied.lines()).length);
});

test("16 threads with 100,000 calls each: every line is JSON, and no number is missing", () => {
  const program = buildProgram("hammer");
  const ran = spied.run(program, [spied.spy, "16", "100000", "info"], { TOKENGLASS_SPY_MOST: "4096" });
  expect(ran.stderr).toBe("");
  const [file = ""] = spied.files();
  const bytes = readFileSync(join(spied.traces, file));
  const seen = new Uint8Array(1_700_000);
  let count = 0;
  let twice = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const line: TraceLine = JSON.parse(bytes.toString("utf8", at, end));
    if (line.s !== undefined) {
      twice += seen[line.s] ?? 0;
      seen[line.s] = 1;
      count++;
    }
    at = end + 1;
  }
  expect(twice).toBe(0);
  expect(count).toBeGreaterThan(1_600_000);
  expect(seen.indexOf(0)).toBe(count);
});

test("with the thread sanitizer: no data race, neither in writing nor in going on to the next part", () => {
  const spy = buildSanitized("tokenglass-spy", "thread");
  const ran = spied.run(buildProgram("hammer", { sanitize: "thread" }), [spy, "16", "3000", "info"], {
    TOKENGLASS_SPY_MOST: "4",
  });
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
  expect(spied.files().length).toBeGreaterThan(3);
});

test("a process that records much keeps the first part and the newest three", () => {
  spied.run(buildProgram("hammer"), [spied.spy, "1", "30000", "info"], { TOKENGLASS_SPY_MOST: "2" });
  const parts = spied.files().map((name) => spied.lines(name)[0]?.part ?? 1);
  const newest = Math.max(...parts);
  expect(parts.sort((a, b) => a - b)).toEqual([1, newest - 2, newest - 1, newest]);
  for (const name of spied.files()) expect(statSync(join(spied.traces, name)).size).toBeLessThanOrEqual(2 << 18);
});
