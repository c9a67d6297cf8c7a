import { readlink } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { addMock, addNative, firstToken } from "../harness/native.ts";

/** Libraries that fail before they are of any use. */

const startSeconds = 4;
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ startSeconds, callSeconds: 10 });
  await app.app.startModules();
});
afterAll(() => app.close());

const expectOthersUnaffected = async () =>
  expect((await app.call("tokens.slots", { module: "demo" })).slots.length).toBeGreaterThan(0);

const failures = [
  {
    what: "a fault in C_GetFunctionList",
    library: "mock",
    settings: { fault: "segv:load" },
    error: { code: "HOST_CRASHED", details: { function: "C_GetFunctionList", signal: "SIGSEGV" } },
  },
  {
    what: "a fault in the library's constructor",
    library: "broken/crash-on-load",
    error: { code: "HOST_CRASHED", details: { function: "loading the library", signal: "SIGSEGV" } },
  },
  {
    what: "exit in C_Initialize",
    library: "broken/exit-on-initialize",
    error: { code: "HOST_CRASHED", details: { function: "C_Initialize", signal: null, exitCode: 3 } },
  },
  {
    what: "a fault in C_Initialize",
    library: "mock",
    settings: { fault: "abort:C_Initialize" },
    error: { code: "HOST_CRASHED", details: { function: "C_Initialize", signal: "SIGABRT" } },
  },
  {
    what: "an error from C_Initialize",
    library: "mock",
    settings: { fault: "error:C_Initialize:0x30" },
    error: { code: "PKCS11", rv: "CKR_DEVICE_ERROR" },
  },
  {
    what: "an error from C_GetInfo",
    library: "mock",
    settings: { fault: "error:C_GetInfo:0x5" },
    error: { code: "PKCS11", rv: "CKR_GENERAL_ERROR" },
  },
  { what: "an error from C_GetFunctionList", library: "broken/list-error", error: {} },
  { what: "no list from C_GetFunctionList", library: "broken/list-null", error: {} },
  {
    what: "a missing dependency, by name",
    library: "broken/missing-dependency",
    error: { code: "MODULE_MISSING_DEPENDENCY", message: expect.stringContaining("libtokenglass-absent.so.1") },
  },
];

test.each(failures)("$what is told, and only this module fails", async ({ library, settings, error }) => {
  const row = await addNative(app, library, settings ?? {});
  expect(row.state).toBe("failed");
  expect(row.error).toMatchObject(error);
  expect(row.error?.code).not.toBe("INTERNAL");
  expect(row.error?.message).not.toBe("");
  expect(row.error?.remedy).not.toBe("");
  await expectOthersUnaffected();
  // A request to it says the same as the list of modules does.
  expect((await app.fails("tokens.slots", { module: row.id })).code).toBe(row.error?.code);
});

test("a library that is no PKCS#11 module is refused and not kept", async () => {
  await expect(addNative(app, "broken/no-function-list")).rejects.toThrow("MODULE_NOT_PKCS11");
  const { modules } = await app.call("modules.list", {});
  expect(modules.some(({ path }) => path.includes("no-function-list"))).toBe(false);
});

const hangs = [
  { library: "broken/hang-on-load", settings: {}, where: "loading the library" },
  { library: "mock", settings: { fault: "hang:load" }, where: "C_GetFunctionList" },
  { library: "mock", settings: { fault: "hang:C_Initialize" }, where: "C_Initialize" },
];

test.each(hangs)(
  "a hang in $where ends after its time; others answer meanwhile",
  async ({ library, settings, where }) => {
    let over = false;
    const adding = addNative(app, library, settings).finally(() => {
      over = true;
    });
    for (let i = 0; i < 5; i++) await expectOthersUnaffected();
    expect(over).toBe(false);
    const row = await adding;
    expect(row.state).toBe("failed");
    expect(row.error).toMatchObject({ code: "HOST_TIMED_OUT", details: { function: where, seconds: startSeconds } });
    expect(row.pid).toBeNull();
  },
);

test("a module whose C_WaitForSlotEvent never returns works all the same", async () => {
  const module = await addMock(app, { fault: "hang:C_WaitForSlotEvent" });
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect((await firstToken(app, module)).label).toBe("Mock token");
  await app.call("modules.stop", { module });
});

test("a module that prints the PIN and crashes gives it to nobody", async () => {
  const { id: module, pid } = await addNative(app, "broken/prints-pin");
  const token = await firstToken(app, module);
  // What the host writes goes nowhere, rather than to a terminal or a log of ours.
  if (process.platform === "linux")
    for (const output of [1, 2]) expect(await readlink(`/proc/${pid}/fd/${output}`)).toBe("/dev/null");
  const error = await app.fails("tokens.login", { module, token: token.ref, who: "user", pin: testPins.user });
  expect(error).toMatchObject({ code: "HOST_CRASHED", details: { function: "C_Login", signal: "SIGABRT" } });
  expect(JSON.stringify([error, app.events])).not.toContain(testPins.user);
});
