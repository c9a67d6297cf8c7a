import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

test("the embedded SoftHSM is kept as a module and starts in a process of its own", async () => {
  await app.app.startModules();
  const { modules } = await app.call("modules.list", {});
  expect(modules[0]).toMatchObject({ id: "demo", state: "ready", origin: "embedded" });
  expect(modules[0]?.pid).not.toBe(process.pid);
});
