import { appendFile, chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, screens, test } from "./harness/window.ts";
import { ModuleScreen } from "./screens/module-screen.ts";

const softhsm = "/usr/lib/softhsm/libsofthsm2.so";

test("the finder lists what is installed and which of it loads", async ({ tokenglass }) => {
  const modules = new ModuleScreen(tokenglass.page);
  await modules.openFinder();
  await expect(modules.row("libsofthsm2.so").getByText("yes", { exact: true })).toBeVisible();
  await expect(modules.row("libsofthsm2.so").getByRole("button", { name: /Open/ })).toBeVisible();
  await screens(tokenglass.page, "finder");
});

test("the user's own SoftHSM store is offered beside the demo token, and added with its configuration", async ({
  tokenglass,
}) => {
  const { page, dataFolder, call } = tokenglass;
  const modules = new ModuleScreen(page);
  const configuration = join(dataFolder, "own store.conf");
  await mkdir(join(dataFolder, "own-tokens"));
  await writeFile(configuration, `directories.tokendir = ${join(dataFolder, "own-tokens")}\n`);
  process.env.SOFTHSM2_CONF = configuration;
  try {
    await modules.openFinder();
    const own = modules.row("SoftHSM, your own store");
    await expect(own).toContainText("0 tokens in");
    await expect(modules.row("demo token inside the app").getByRole("button", { name: /Open/ })).toBeVisible();
    await own.scrollIntoViewIfNeeded();
    await screens(page, "finder-own-store");
    await own.getByRole("button", { name: "Add" }).click();
    await expect(modules.dialog.getByRole("textbox", { name: "Environment of its process" })).toHaveValue(
      `SOFTHSM2_CONF="${configuration}"`,
    );
    await screens(page, "add-own-store");
    await modules.dialog.getByRole("button", { name: "Add", exact: true }).click();
    await expect(modules.main.getByRole("heading", { level: 1 })).toHaveText("SoftHSM, your own store");
    const { modules: rows } = await call("modules.list", {});
    expect(rows.find(({ name }) => name === "SoftHSM, your own store")).toMatchObject({
      state: "ready",
      environment: { SOFTHSM2_CONF: configuration },
    });
    await modules.openFinder();
    await expect(own.getByRole("button", { name: /Open/ })).toBeVisible();

    await rm(configuration);
    await modules.main.getByRole("button", { name: "Look again" }).click();
    await expect(own).toContainText("is not there");
    await own.scrollIntoViewIfNeeded();
    await screens(page, "finder-own-store-gone");
  } finally {
    delete process.env.SOFTHSM2_CONF;
  }
});

test("a library that was never loaded is shown before its code runs, then added, restarted and removed", async ({
  tokenglass,
}) => {
  const { page, dataFolder, call } = tokenglass;
  const modules = new ModuleScreen(page);
  const library = join(dataFolder, "vendor-pkcs11.so");
  await copyFile(softhsm, library);
  await chmod(library, 0o777);

  await modules.openFinder();
  await modules.lookAt(library);
  await expect(modules.dialog).toContainText("Loading a library runs its code");
  await expect(modules.dialog).toContainText("Others can change this library");
  const { sha256 } = await call("modules.inspect", { path: library });
  await expect(modules.dialog).toContainText(sha256);
  await screens(page, "module-consent");
  expect((await call("modules.list", {})).modules).toHaveLength(1);

  await modules.dialog.getByRole("textbox", { name: "Name in the list" }).fill("Vendor");
  await modules.dialog.getByRole("button", { name: "Run its code and add it" }).click();
  await expect(modules.main.getByRole("heading", { level: 1 })).toHaveText("Vendor");
  await expect(modules.main.locator(".work-head")).toContainText("ready");
  const before = (await call("modules.list", {})).modules.find(({ name }) => name === "Vendor")?.pid;
  await modules.main.getByRole("button", { name: "Restart" }).click();
  await expect
    .poll(async () => {
      const row = (await call("modules.list", {})).modules.find(({ name }) => name === "Vendor");
      return row?.state === "ready" && row.pid !== before;
    })
    .toBe(true);

  await modules.main.getByRole("button", { name: "Stop" }).click();
  await expect(modules.main.locator(".work-head")).toContainText("stopped");
  await appendFile(library, "changed");
  await modules.main.getByRole("button", { name: "Start" }).click();
  await expect(modules.main.getByRole("alert")).toContainText("not the");
  await screens(page, "module-changed");
  await modules.main.getByRole("button", { name: "Start" }).click();
  await modules.dialog.getByRole("button", { name: "Run this file's code" }).click();
  await expect(modules.main.locator(".work-head")).toContainText("ready");

  await modules.main.getByRole("button", { name: "Remove…" }).click();
  await modules.dialog.getByRole("button", { name: "Remove" }).click();
  await expect(modules.dialog).toBeHidden();
  expect((await call("modules.list", {})).modules.map(({ name }) => name)).not.toContain("Vendor");
});

test("a library that is no PKCS#11 module is refused with the reason, and nothing is kept", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const modules = new ModuleScreen(page);
  await modules.openFinder();
  await modules.lookAt("/usr/lib/x86_64-linux-gnu/libm.so.6");
  await modules.dialog.getByRole("button", { name: /add/i }).click();
  await expect(modules.dialog.getByRole("alert")).toContainText("C_GetFunctionList");
  await screens(page, "module-not-pkcs11");
  expect((await call("modules.list", {})).modules).toHaveLength(1);
});

test("a path without a file says so", async ({ tokenglass }) => {
  const modules = new ModuleScreen(tokenglass.page);
  await modules.openFinder();
  await modules.lookAt("/no/such/module.so");
  await expect(modules.dialog.getByRole("alert")).toContainText("/no/such/module.so");
});

test("a library is chosen by walking through folders", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const modules = new ModuleScreen(page);
  await modules.openFinder();
  await modules.main.getByRole("textbox", { name: "Path of the PKCS#11 library" }).fill("/usr/lib/nothing");
  await modules.main.getByRole("button", { name: "Browse…" }).click();
  await modules.dialog.getByRole("button", { name: "softhsm/" }).click();
  await expect(modules.dialog.getByRole("button", { name: /libsofthsm2.so/ })).toBeVisible();
  await screens(page, "browse");
  await modules.dialog.getByRole("button", { name: /libsofthsm2.so/ }).click();
  await expect(modules.dialog).toContainText("SHA-256");
});

test("settings are kept", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  await page.keyboard.press("Control+,");
  await page.getByRole("button", { name: /Log out when idle/ }).click();
  await page.getByRole("option", { name: "after 30 minutes" }).click();
  await expect.poll(async () => (await call("app.settings", {})).idleLogoutMinutes).toBe(30);
  await screens(page, "settings");
});
