import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { nativeLibrary } from "../harness/native.ts";

/** What people hear about a file that cannot be used, and that real modules of all kinds can. */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const inFolder = (name: string) => join(app.dataFolder, name);
const sha256Of = async (file: string) =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
const add = async (path: string) => app.fails("modules.add", { path, sha256: await sha256Of(path) });
const isKept = async (path: string) => (await app.call("modules.list", {})).modules.some((row) => row.path === path);

const compile = (source: string, name: string, ...more: string[]): string => {
  const output = inFolder(name);
  const { status, stderr } = spawnSync(
    "gcc",
    ["-shared", "-fPIC", "-o", output, "-x", "c", "-", "-x", "none", ...more],
    {
      input: source,
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stderr);
  return output;
};

describe("refused before any of its code runs, and not kept", () => {
  test("a path at which nothing is", async () => {
    const path = inFolder("absent.so");
    expect(await app.fails("modules.add", { path })).toMatchObject({ code: "MODULE_NOT_FOUND", where: path });
    expect(await isKept(path)).toBe(false);
  });

  test("a relative path", async () => {
    expect(await app.fails("modules.add", { path: "libsofthsm2.so" })).toMatchObject({ code: "REFUSED" });
  });

  test("a folder", async () => {
    expect(await app.fails("modules.add", { path: app.dataFolder })).toMatchObject({
      code: "MODULE_NOT_A_LIBRARY",
      message: expect.stringContaining("folder"),
    });
  });

  test("text in a file called .so", async () => {
    const path = inFolder("script.so");
    await writeFile(path, "/* GNU ld script */\nINPUT(/usr/lib/libvendor.so.1)\n");
    expect(await add(path)).toMatchObject({ code: "MODULE_NOT_A_LIBRARY", message: expect.stringContaining("ELF") });
    expect(await isKept(path)).toBe(false);
  });

  test("a program", async () => {
    const path = inFolder("program");
    const built = spawnSync("gcc", ["-x", "c", "-no-pie", "-", "-o", path], { input: "int main(void){return 0;}" });
    expect(built.status).toBe(0);
    expect(await add(path)).toMatchObject({
      code: "MODULE_NOT_A_LIBRARY",
      message: expect.stringContaining("program"),
    });
  });

  test("a library for another machine: both are named", async () => {
    const path = inFolder("i386.so");
    const bytes = await readFile(nativeLibrary("mock"));
    bytes[4] = 1;
    bytes.writeUInt16LE(3, 18);
    await writeFile(path, bytes);
    const error = await add(path);
    expect(error).toMatchObject({ code: "MODULE_WRONG_ARCHITECTURE", details: { architectures: "i386" } });
    expect(error.message).toMatch(/i386 .*x86-64/);
    expect(await isKept(path)).toBe(false);
  });

  test("a Windows DLL", async () => {
    const path = inFolder("vendor.dll");
    const bytes = Buffer.alloc(1024);
    bytes.write("MZ");
    bytes.writeUInt32LE(0x80, 0x3c);
    bytes.write("PE\0\0", 0x80);
    bytes.writeUInt16LE(0x8664, 0x84);
    bytes.writeUInt16LE(0x2022, 0x96);
    await writeFile(path, bytes);
    expect(await add(path)).toMatchObject({
      code: "MODULE_WRONG_ARCHITECTURE",
      message: expect.stringContaining("PE"),
    });
  });
});

describe("refused by the loader", () => {
  test("a library without C_GetFunctionList is no PKCS#11 module, and is not kept", async () => {
    const path = "/usr/lib/x86_64-linux-gnu/libc.so.6";
    expect(await add(path)).toMatchObject({
      code: "MODULE_NOT_PKCS11",
      message: expect.stringContaining("C_GetFunctionList"),
    });
    expect(await isKept(path)).toBe(false);
    expect((await app.call("modules.inspect", { path })).approved).toBe(false);
  });

  test("a library whose dependency is missing is kept, and loads once the dependency is there", async () => {
    const folder = inFolder("lib");
    await mkdir(folder);
    const dependency = compile("int needed(void) { return 0; }", "libneeded.so.7", "-Wl,-soname,libneeded.so.7");
    const path = compile(
      "int needed(void); int other(void) { return needed(); }",
      "needs.so",
      dependency,
      `-Wl,-rpath,${folder}`,
    );
    await rm(dependency);
    const row = await app.call("modules.add", { path, sha256: await sha256Of(path) });
    expect(row).toMatchObject({
      state: "failed",
      error: {
        code: "MODULE_MISSING_DEPENDENCY",
        message: expect.stringContaining("libneeded.so.7"),
        remedy: expect.stringContaining("apt-file search libneeded.so.7"),
        details: { missing: "libneeded.so.7" },
      },
    });
    compile("int needed(void) { return 0; }", "lib/libneeded.so.7", "-Wl,-soname,libneeded.so.7");
    // Now the loader gets as far as the missing function.
    expect(await app.call("modules.restart", { module: row.id })).toMatchObject({
      state: "failed",
      error: { code: "MODULE_NOT_PKCS11" },
    });
    await app.call("modules.remove", { module: row.id });
  });

  test("a symbol that no library has is named", async () => {
    const path = compile(
      "int absent_function(void); int (*keep)(void) = absent_function;",
      "unresolved.so",
      "-Wl,--unresolved-symbols=ignore-all",
    );
    const { state, error } = await app.call("modules.add", { path, sha256: await sha256Of(path) });
    expect(state).toBe("failed");
    expect(error).toMatchObject({
      code: "MODULE_MISSING_DEPENDENCY",
      message: expect.stringContaining("absent_function"),
    });
  });

  test("a library that is cut short", async () => {
    const path = inFolder("short.so");
    await copyFile(nativeLibrary("mock"), path);
    await truncate(path, 200);
    expect((await add(path)).code).toBe("MODULE_NOT_A_LIBRARY");
    expect(await isKept(path)).toBe(false);
  });
});

/** Root may read everything; so for a while this process is somebody else. */
const withoutRights = async <T>(work: () => Promise<T>): Promise<T> => {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
};

test("a file, or a folder, that may not be read is told as that", async () => {
  const folder = inFolder("closed");
  await mkdir(folder);
  await copyFile(nativeLibrary("mock"), join(folder, "secret.so"));
  await chmod(join(folder, "secret.so"), 0);
  await chmod(folder, 0);
  const [file, browsed] = await withoutRights(async () => [
    await app.fails("modules.inspect", { path: join(folder, "secret.so") }),
    await app.fails("modules.browse", { folder }),
  ]);
  await chmod(folder, 0o700);
  expect(file).toMatchObject({ code: "FILE_FAILED", message: expect.stringContaining("may not be read") });
  expect(browsed).toMatchObject({ code: "FILE_FAILED", message: expect.stringContaining("may not read") });
});

describe("real modules of all kinds", () => {
  const modules = [
    { path: "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", description: "OpenSC smartcard framework" },
    { path: "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-trust.so", description: "PKCS#11 Kit Trust Module" },
    { path: "/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so", description: "PKCS#11 Kit Proxy Module" },
  ];

  test.each(modules)("$description", async ({ path, description }) => {
    const row = await app.call("modules.add", { path });
    expect(row).toMatchObject({ state: "ready", error: null, info: { description } });
    expect((await app.call("tokens.slots", { module: row.id })).slots).toBeInstanceOf(Array);
    await app.call("modules.remove", { module: row.id });
  });

  test("NSS softokn opens the database that its library parameters name, to the last character", async () => {
    const database = inFolder("nss-db");
    await mkdir(database);
    const row = await app.call("modules.add", {
      path: "/usr/lib/x86_64-linux-gnu/libsoftokn3.so",
      initString: `configdir='sql:${database}' certPrefix='' keyPrefix='' secmod='secmod.db' dbTokenDescription='Tokenglass database'`,
    });
    expect(row).toMatchObject({ state: "ready", info: { description: "NSS Internal Crypto Services" } });
    const { slots } = await app.call("tokens.slots", { module: row.id });
    expect(slots.map(({ token }) => token?.label)).toContain("Tokenglass database");
    expect((await readFile(join(database, "cert9.db"))).subarray(0, 13).toString()).toBe("SQLite format");
    await app.call("modules.remove", { module: row.id });
  });

  test("SoftHSM with a store of one's own is another module than the demo token", async () => {
    const conf = inFolder("own-softhsm.conf");
    await mkdir(inFolder("own-tokens"));
    await writeFile(conf, `directories.tokendir = ${inFolder("own-tokens")}\nobjectstore.backend = file\n`);
    const row = await app.call("modules.add", {
      path: "/usr/lib/softhsm/libsofthsm2.so",
      environment: { SOFTHSM2_CONF: conf },
    });
    expect(row.id).not.toBe("demo");
    const [free] = (await app.call("tokens.slots", { module: row.id })).slots;
    if (!free?.token) throw new Error("no slot");
    const soPin = "so-7391-canary";
    await app.call("tokens.initialise", { module: row.id, token: free.token.ref, label: "My own", soPin });
    const labels = async (module: string) =>
      (await app.call("tokens.slots", { module })).slots.map(({ token }) => token?.label);
    expect(await labels(row.id)).toContain("My own");
    expect(await labels("demo")).not.toContain("My own");
  });
});
