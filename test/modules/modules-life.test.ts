import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { initialisedToken, openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken, mockPins, nativeLibrary } from "../harness/native.ts";

/** A module's token host from start to end, and what happens when several people pull at it. */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
  await app.app.startModules();
});
afterAll(() => app.close());

const rowOf = async (module: string) => {
  const row = (await app.call("modules.list", {})).modules.find(({ id }) => id === module);
  if (!row) throw new Error(`${module} is not kept`);
  return row;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Ends the token host as a crash would. */
const killHost = async (module: string): Promise<number> => {
  const { pid } = await rowOf(module);
  if (pid === null) throw new Error(`${module} does not run`);
  process.kill(pid, "SIGKILL");
  await app.event("modules.changed", ({ modules }) =>
    modules.some(({ id, state, error }) => id === module && state === "failed" && error !== null),
  );
  return pid;
};

/** Adds a mock whose C_Initialize takes its time, without waiting for it. */
const addSlowly = async (name: string, milliseconds: number) => {
  const path = join(app.dataFolder, name);
  await copyFile(nativeLibrary("mock"), path);
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  const added = app.call("modules.add", {
    path,
    sha256,
    environment: { TOKENGLASS_MOCK: `fault=slow:C_Initialize:${milliseconds}` },
  });
  const row = async () => (await app.call("modules.list", {})).modules.find((listed) => listed.path === path);
  await expect.poll(row).toMatchObject({ state: "starting", pid: expect.any(Number) });
  const id = (await row())?.id ?? "";
  return { added, id };
};

test("a host that is killed is a crash: told by an event, by the list and by each request, until it is restarted", async () => {
  const { token } = await initialisedToken(app, "Killed");
  const pid = await killHost("demo");
  expect(await rowOf("demo")).toMatchObject({
    state: "failed",
    pid: null,
    error: { code: "HOST_CRASHED", details: { signal: "SIGKILL" } },
  });
  const loggedOut = await app.event("tokens.loggedOut", (event) => event.token.serial === token.serial);
  expect(loggedOut).toMatchObject({ module: "demo", reason: "host ended", token: { label: "Killed" } });

  for (let n = 0; n < 2; n++)
    expect(await app.fails("tokens.slots", { module: "demo" })).toMatchObject({
      code: "HOST_CRASHED",
      remedy: expect.stringContaining("again"),
    });
  expect((await rowOf("demo")).pid).toBeNull();

  const restarted = await app.call("modules.restart", { module: "demo" });
  expect(restarted).toMatchObject({ state: "ready", error: null });
  expect(restarted.pid).not.toBe(pid);
  const { slots } = await app.call("tokens.slots", { module: "demo" });
  expect(slots.find((slot) => slot.token?.label === "Killed")?.token).toMatchObject({ login: "none" });
});

test("one module's crash leaves another's login alone", async () => {
  const [steady, crashing] = [await addMock(app), await addMock(app)];
  const token = await firstToken(app, steady);
  await app.call("tokens.login", { module: steady, token: token.ref, who: "user", pin: mockPins.user });
  await killHost(crashing);
  expect((await rowOf(steady)).state).toBe("ready");
  expect(await firstToken(app, steady)).toMatchObject({ login: "user" });
  for (const module of [steady, crashing]) await app.call("modules.remove", { module });
});

test("a module that the user stopped stays stopped until the user starts it", async () => {
  const before = (await rowOf("demo")).pid ?? 0;
  expect(await app.call("modules.stop", { module: "demo" })).toMatchObject({
    state: "stopped",
    pid: null,
    error: null,
  });
  expect(isAlive(before)).toBe(false);
  expect(await app.fails("tokens.slots", { module: "demo" })).toMatchObject({ code: "HOST_STOPPED" });
  expect((await rowOf("demo")).state).toBe("stopped");
  expect(await app.call("modules.start", { module: "demo" })).toMatchObject({ state: "ready" });
});

test("several starts are one; starting what runs changes nothing", async () => {
  await app.call("modules.stop", { module: "demo" });
  const rows = await Promise.all([1, 2, 3].map(() => app.call("modules.start", { module: "demo" })));
  expect(new Set(rows.map(({ pid }) => pid)).size).toBe(1);
  expect((await app.call("modules.start", { module: "demo" })).pid).toBe(rows[0]?.pid);
});

test("the same module added twice at once is kept once", async () => {
  const path = join(app.dataFolder, "twice.so");
  await copyFile(nativeLibrary("mock"), path);
  const wanted = {
    path,
    sha256: createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  };
  const [first, second] = await Promise.all([app.call("modules.add", wanted), app.call("modules.add", wanted)]);
  expect(second).toEqual(first);
  const { modules } = await app.call("modules.list", {});
  expect(modules.filter((row) => row.path === path)).toHaveLength(1);
  await app.call("modules.remove", { module: first.id });
});

test("a restart while it starts does not wait for the first start, and only one process is left", async () => {
  const { added, id } = await addSlowly("restarted.so", 1500);
  const first = (await rowOf(id)).pid ?? 0;
  const row = await app.call("modules.restart", { module: id });
  expect(row).toMatchObject({ state: "ready", error: null });
  expect(row.pid).not.toBe(first);
  expect(isAlive(first)).toBe(false);
  await added;
  expect(await rowOf(id)).toMatchObject({ state: "ready", pid: row.pid });
  await app.call("modules.remove", { module: id });
});

test("a stop while it starts ends it at once", async () => {
  const { added, id } = await addSlowly("stopped.so", 5000);
  const start = performance.now();
  expect(await app.call("modules.stop", { module: id })).toMatchObject({ state: "stopped", pid: null, error: null });
  expect(performance.now() - start).toBeLessThan(2000);
  expect(await added).toMatchObject({ state: "stopped" });
  await app.call("modules.remove", { module: id });
});

test("the last wish wins: restart, then stop, then start", async () => {
  const wishes = ["modules.restart", "modules.stop", "modules.restart", "modules.stop"] as const;
  await Promise.all(wishes.map((wish) => app.call(wish, { module: "demo" })));
  expect((await rowOf("demo")).state).toBe("stopped");
  await Promise.all([app.call("modules.stop", { module: "demo" }), app.call("modules.start", { module: "demo" })]);
  expect((await rowOf("demo")).state).toBe("ready");
});

test("removing a module answers the requests that are under way, and ends its process", async () => {
  const module = await addMock(app, { fault: "slow:C_GetTokenInfo:8000" });
  const pid = (await rowOf(module)).pid ?? 0;
  const request = app.fails("tokens.slots", { module });
  await app.call("modules.remove", { module });
  expect(await request).toMatchObject({ code: "HOST_STOPPED" });
  expect(isAlive(pid)).toBe(false);
  expect(await app.fails("tokens.slots", { module })).toMatchObject({ code: "UNKNOWN_MODULE" });
});

test("removing a module while it starts leaves no process behind", async () => {
  const { added, id } = await addSlowly("removed.so", 5000);
  const pid = (await rowOf(id)).pid ?? 0;
  const outcome = added.then(
    () => "kept",
    (thrown: Error) => thrown.message,
  );
  await app.call("modules.remove", { module: id });
  expect(await outcome).toContain("UNKNOWN_MODULE");
  expect(isAlive(pid)).toBe(false);
});

test("the demo token cannot be removed; what is not there is named", async () => {
  expect(await app.fails("modules.remove", { module: "demo" })).toMatchObject({ code: "REFUSED" });
  for (const request of ["modules.start", "modules.stop", "modules.restart", "modules.remove"] as const)
    expect(await app.fails(request, { module: "m-none" })).toMatchObject({ code: "UNKNOWN_MODULE", where: "m-none" });
});

test("closing the app ends every token host", async () => {
  const own = await openTestApp();
  await own.app.startModules();
  const pids = (await own.call("modules.list", {})).modules.flatMap(({ pid }) => pid ?? []);
  expect(pids.length).toBeGreaterThan(0);
  await own.close();
  for (const pid of pids) expect(isAlive(pid)).toBe(false);
});
