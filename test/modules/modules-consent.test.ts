import { createHash } from "node:crypto";
import { appendFile, chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openApp } from "../../main/app.ts";
import { forkWithNode } from "../../main/host/process.ts";
import { hostEntry, openTestApp, type TestApp } from "../harness/app.ts";
import { nativeLibrary } from "../harness/native.ts";

/** Loading a library is running its code: the user consents to exactly the bytes that are loaded. */

let app: TestApp;
let path: string;
let count = 0;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  path = join(app.dataFolder, `vendor-${++count}.so`);
  await copyFile(nativeLibrary("mock"), path);
});

const sha256Of = async (file: string) =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
const approved = async () => ({ path, sha256: await sha256Of(path) });
const keptPaths = async () => (await app.call("modules.list", {})).modules.map((row) => row.path);

/** Another file with the same behaviour: bytes behind the end of an ELF file are never read by the loader. */
const exchange = () => appendFile(path, "another build");

/** The app as it is after the next start, on the same data folder. */
const nextStart = async <T>(look: (dispatch: TestApp["app"]["dispatch"]) => Promise<T>): Promise<T> => {
  const again = await openApp({
    dataFolder: app.dataFolder,
    shell: "terminal",
    fork: forkWithNode(hostEntry),
    version: "0.0.0-test",
  });
  try {
    await again.startModules();
    return await look(again.dispatch);
  } finally {
    await again.close();
  }
};

const rowAfterNextStart = (wanted: string) =>
  nextStart(async (dispatch) => {
    const reply = await dispatch("modules.list", {});
    if (!reply.ok) throw new Error(reply.error.message);
    return (reply.value as { modules: { path: string }[] }).modules.find((row) => row.path === wanted);
  });

test("a library that was never loaded is not loaded; the error holds what a person decides by", async () => {
  const error = await app.fails("modules.add", { path });
  expect(error).toMatchObject({
    code: "MODULE_NEEDS_APPROVAL",
    where: path,
    details: {
      path,
      realPath: path,
      size: (await readFile(path)).length,
      sha256: await sha256Of(path),
      owner: "root",
      othersMayWrite: false,
      format: "ELF",
    },
  });
  expect(await keptPaths()).not.toContain(path);
});

test("consent to a file's SHA-256 loads it; the next start of the app does not ask", async () => {
  expect(await app.call("modules.add", await approved())).toMatchObject({ state: "ready", path });
  expect((await app.call("modules.inspect", { path })).approved).toBe(true);
  expect(await rowAfterNextStart(path)).toMatchObject({ state: "ready" });
});

test("consent to other bytes than those that are there is refused, and nothing is kept", async () => {
  const given = await approved();
  await exchange();
  const error = await app.fails("modules.add", given);
  expect(error).toMatchObject({ code: "MODULE_CHANGED", details: { sha256: await sha256Of(path) } });
  expect(await keptPaths()).not.toContain(path);
  expect((await app.call("modules.inspect", { path })).approved).toBe(false);
});

test("a file that was exchanged since is not loaded at the next start, until its new SHA-256 is approved", async () => {
  const { id } = await app.call("modules.add", await approved());
  await app.call("modules.stop", { module: id });
  await exchange();
  expect(await rowAfterNextStart(path)).toMatchObject({
    state: "failed",
    pid: null,
    error: { code: "MODULE_CHANGED", details: { sha256: await sha256Of(path) } },
  });

  expect(await app.call("modules.start", { module: id })).toMatchObject({
    state: "failed",
    error: { code: "MODULE_CHANGED" },
  });
  expect(await app.fails("tokens.slots", { module: id })).toMatchObject({ code: "MODULE_CHANGED" });
  expect(await app.fails("modules.start", { module: id, sha256: "0".repeat(64) })).toMatchObject({
    code: "MODULE_CHANGED",
  });
  expect(await app.call("modules.start", { module: id, sha256: await sha256Of(path) })).toMatchObject({
    state: "ready",
    error: null,
  });
});

test("a symbolic link that leads to another file now is not loaded", async () => {
  const link = join(app.dataFolder, "link.so");
  const other = join(app.dataFolder, "other.so");
  await symlink(path, link);
  await copyFile(nativeLibrary("forward"), other);
  const { id } = await app.call("modules.add", { path: link, sha256: await sha256Of(path) });
  await rm(link);
  await symlink(other, link);
  expect(await app.call("modules.restart", { module: id })).toMatchObject({
    state: "failed",
    error: { code: "MODULE_NEEDS_APPROVAL", details: { realPath: other } },
  });
});

test("removing a module forgets the consent as well; the file stays", async () => {
  const { id } = await app.call("modules.add", await approved());
  await app.call("modules.remove", { module: id });
  expect(await keptPaths()).not.toContain(path);
  expect(await app.fails("modules.remove", { module: id })).toMatchObject({ code: "UNKNOWN_MODULE" });
  expect(await app.call("modules.inspect", { path })).toMatchObject({ approved: false });
  expect(await rowAfterNextStart(path)).toBeUndefined();
});

test("a module with another environment is another module, and needs no consent again", async () => {
  const first = await app.call("modules.add", await approved());
  const second = await app.call("modules.add", { path, environment: { TOKENGLASS_MOCK: "label=Second" }, name: "Two" });
  expect(second).toMatchObject({ state: "ready", name: "Two" });
  expect(second.id).not.toBe(first.id);
  expect(await app.call("modules.add", { path })).toMatchObject({ id: first.id, pid: first.pid });
  await app.call("modules.remove", { module: first.id });
  expect(await app.call("modules.restart", { module: second.id })).toMatchObject({ state: "ready" });
});

test("known libraries of the system load without asking", async () => {
  const known = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";
  expect(await app.call("modules.inspect", { path: known })).toMatchObject({ approved: true });
  const { id, name } = await app.call("modules.add", { path: known });
  expect(name).toBe("OpenSC");
  await app.call("modules.remove", { module: id });
});

test("a library of the system that nothing knows as a module is asked about", async () => {
  const unknown = "/usr/lib/x86_64-linux-gnu/libc.so.6";
  expect(await app.fails("modules.add", { path: unknown })).toMatchObject({ code: "MODULE_NEEDS_APPROVAL" });
});

test("who else may write a library, or a folder above it, is told", async () => {
  await chmod(path, 0o646);
  expect(await app.call("modules.inspect", { path })).toMatchObject({
    othersMayWrite: true,
    othersMayWriteWhat: `file ${path}, which everybody may write`,
    mode: "-rw-r--rw-",
  });
  const folder = join(app.dataFolder, "open");
  await mkdir(folder);
  await chmod(folder, 0o777);
  await copyFile(nativeLibrary("mock"), join(folder, "a.so"));
  expect((await app.call("modules.inspect", { path: join(folder, "a.so") })).othersMayWriteWhat).toContain(folder);
});

test("a variable that would run other code than the approved is refused", async () => {
  const environment = { LD_PRELOAD: "/tmp/other.so" };
  expect(await app.fails("modules.add", { ...(await approved()), environment })).toMatchObject({ code: "REFUSED" });
});

test("a list of modules that is damaged is set aside, not lost; the app starts", async () => {
  const file = join(app.dataFolder, "modules.json");
  const before = await readFile(file, "utf8");
  await writeFile(file, before.slice(0, 20));
  expect(await rowAfterNextStart(path)).toBeUndefined();
  expect(await readFile(`${file}.damaged`, "utf8")).toBe(before.slice(0, 20));
  await writeFile(file, before);
});
