import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import { commandOf, openPorts, type Product, processTree, startProduct, stillRunning } from "./harness/product.ts";
import type { ShellName } from "./harness/shells.ts";

/** The product's own process, started as users start it: what it leaves open while it runs, and what is left after it. */
const test = base.extend<{ shell: ShellName; dataFolder: string; product: Product }>({
  shell: ["browser", { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern
  dataFolder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "tokenglass-process-"));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  product: async ({ dataFolder }, use) => {
    const product = startProduct(dataFolder);
    await product.usable;
    await use(product);
    product.child.kill("SIGTERM");
    await product.ended;
  },
});

test.skip(({ shell }) => shell !== "browser" || process.platform !== "linux", "looks into /proc at the browser shell");

/** Everything that runs for a product once its token hosts are up. */
const wholeTree = async (product: Product): Promise<number[]> => {
  const hosts = async () => {
    const commands = await Promise.all((await processTree(product.pid)).map(commandOf));
    return commands.filter((command) => command.includes("host.js")).length;
  };
  await expect.poll(hosts).toBeGreaterThan(0);
  return processTree(product.pid);
};

const gone = async (pids: number[]) => expect.poll(() => stillRunning(pids), { timeout: 8000 }).toEqual([]);

test("no process of it has an open port", async ({ product }) => {
  const pids = await wholeTree(product);
  expect(pids.length).toBeGreaterThan(4);
  expect(await openPorts(pids)).toEqual([]);
});

test("the browser keeps its sandbox, unless it runs as root", async ({ product }) => {
  const commands = await Promise.all((await processTree(product.pid)).map(commandOf));
  const off = commands.some((command) => command.includes("--no-sandbox"));
  expect(off).toBe(process.getuid?.() === 0);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  test(`${signal} ends everything in order, and is told as the reason`, async ({ product }) => {
    const pids = await wholeTree(product);
    product.child.kill(signal);
    expect(await product.ended).toEqual({ code: 0, signal: null });
    expect(product.stderr()).toBe("");
    expect(product.stdout()).toContain(`Tokenglass has ended: ${signal} came.`);
    await gone(pids);
  });

test("a browser that does not leave when it is asked is ended, which is no crash", async ({ product }) => {
  const pids = await wholeTree(product);
  process.kill(await browserOf(product), "SIGSTOP");
  product.child.kill("SIGTERM");
  expect(await product.ended).toEqual({ code: 0, signal: null });
  expect(product.stderr()).toBe("");
  await gone(pids);
});

test("a terminal that is gone does not keep the app from ending in order", async ({ product }) => {
  const pids = await wholeTree(product);
  product.child.stdout?.destroy();
  product.child.stderr?.destroy();
  product.child.kill("SIGHUP");
  expect(await product.ended).toEqual({ code: 0, signal: null });
  await gone(pids);
});

test("kill -9 of the main process leaves neither browser nor token host", async ({ product }) => {
  const pids = await wholeTree(product);
  product.child.kill("SIGKILL");
  await product.ended;
  await gone(pids);
});

test("the end of the browser ends the app with a message", async ({ product }) => {
  const pids = await wholeTree(product);
  process.kill(await browserOf(product), "SIGKILL");
  expect(await product.ended).toEqual({ code: 1, signal: null });
  expect(product.stderr()).toContain("signal SIGKILL");
  expect(product.stderr()).toContain("Every token was logged out");
  await gone(pids);
});

test("the end of the window's own process ends the app with a message", async ({ product }) => {
  const pids = await wholeTree(product);
  for (const pid of pids) if ((await commandOf(pid)).includes("--type=renderer")) process.kill(pid, "SIGKILL");
  expect(await product.ended).toEqual({ code: 1, signal: null });
  expect(product.stderr()).toContain("The window's process crashed");
  await gone(pids);
});

test("a second start with the same data folder shows the window there is, says so and ends", async ({
  product,
  dataFolder,
}) => {
  const pids = await wholeTree(product);
  const second = startProduct(dataFolder);
  expect(await second.ended).toEqual({ code: 0, signal: null });
  expect(second.stdout()).toContain("already open");
  expect(await stillRunning(pids)).toEqual(expect.arrayContaining([product.pid]));
  expect(product.stderr()).toBe("");
});

test("the browser is told the size that the window had", async ({ dataFolder }) => {
  await writeFile(join(dataFolder, "window.json"), JSON.stringify({ x: 40, y: 30, width: 930, height: 710 }));
  const product = startProduct(dataFolder);
  await product.usable;
  const commands = await Promise.all((await processTree(product.pid)).map(commandOf));
  product.child.kill("SIGTERM");
  await product.ended;
  expect(commands.find((command) => command.includes("--remote-debugging-pipe"))).toContain(
    "--window-size=930,710 --window-position=40,30",
  );
});

test("a browser that cannot open a window is told with its own words", async ({ dataFolder }) => {
  const display = process.env.DISPLAY;
  process.env.DISPLAY = ":4242";
  const product = startProduct(dataFolder);
  process.env.DISPLAY = display;
  expect((await product.ended).code).toBe(1);
  expect(product.stderr()).toMatch(/X server|display/i);
  expect(product.stderr()).toContain("The window could not be opened");
  expect(product.stderr()).not.toContain("logged out");
});

const browserOf = async (product: Product): Promise<number> => {
  for (const pid of await processTree(product.pid)) {
    const command = await commandOf(pid);
    const parent = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ")[1];
    if (command.includes("--remote-debugging-pipe") && Number(parent) === product.pid) return pid;
  }
  throw new Error("there is no browser");
};
