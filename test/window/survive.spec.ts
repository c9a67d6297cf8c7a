import type { TestApp } from "../harness/app.ts";
import { addNative, mockPins, type Settings } from "../harness/native.ts";
import { expect, screens, type Tokenglass, test } from "./harness/window.ts";
import { TokenScreen } from "./screens/token-screen.ts";

/** Adds the mock module through the app itself and opens its token. */
const openMock = async (tokenglass: Tokenglass, settings: Settings): Promise<TokenScreen> => {
  const row = await addNative(tokenglass as unknown as TestApp, "mock", settings);
  expect(row.state, JSON.stringify(row.error)).toBe("ready");
  const screen = new TokenScreen(tokenglass.page);
  await screen.open(/Mock token/);
  return screen;
};

test("a module that crashes in C_Login is named, starts again, and the demo token never notices", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const token = await openMock(tokenglass, { fault: "segv:C_Login" });
  await token.logIn(mockPins.user);
  await expect(token.dialog.getByRole("alert")).toContainText("crashed in C_Login (signal SIGSEGV)");
  await screens(page, "crash-in-login");
  await token.dialog.getByRole("button", { name: "Cancel" }).click();
  expect((await call("tokens.slots", { module: "demo" })).slots.length).toBeGreaterThan(0);

  await expect(page.getByRole("main").getByRole("alert")).toContainText("crashed in C_Login");
  await screens(page, "module-crashed");
  await page.getByRole("main").getByRole("button", { name: "Start the module" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toBeHidden();
  await expect(token.entry(/Mock token/)).toBeVisible();
});

test("after a crash the login is gone, and the window says so once the module runs again", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = await openMock(tokenglass, { fault: "segv:C_GetMechanismList" });
  await token.logIn(mockPins.user);
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
  await page.getByRole("tab", { name: "Mechanisms" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("crashed in C_GetMechanismList");
  await page.getByRole("main").getByRole("button", { name: "Start the module" }).click();
  await expect(page.locator(".work-head").getByText("not logged in")).toBeVisible();
});

test("the last try of a PIN wants the token's name typed first", async ({ tokenglass }) => {
  const token = await openMock(tokenglass, { "user-pin": "final" });
  await tokenglass.page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).first().click();
  await token.field("User PIN").fill(mockPins.user);
  await expect(token.dialog.getByRole("button", { name: "Log in" })).toBeDisabled();
  await screens(tokenglass.page, "login-final-try");
  await token.dialog.getByRole("textbox", { name: /to use the last try/ }).fill("Mock token");
  await token.dialog.getByRole("button", { name: "Log in" }).click();
  await expect(tokenglass.page.locator(".work-head").getByText("logged in as user")).toBeVisible();
});

test("a locked PIN is explained with the way out, and no try is offered", async ({ tokenglass }) => {
  const token = await openMock(tokenglass, { "user-pin": "locked" });
  await expect(tokenglass.page.locator(".work-head")).toContainText("User PIN: locked");
  await tokenglass.page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).first().click();
  await expect(token.dialog).toContainText(/SO PIN/);
  await expect(token.field("User PIN")).toBeHidden();
  await expect(token.dialog.getByRole("button", { name: "Log in" })).toBeDisabled();
  await screens(tokenglass.page, "login-locked");
});

test("a reader with keys of its own is told to be used, and no PIN field is shown", async ({ tokenglass }) => {
  const token = await openMock(tokenglass, { "pin-pad": "1" });
  await tokenglass.page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).first().click();
  await expect(token.dialog).toContainText("Enter the PIN on the reader");
  await expect(token.field("User PIN")).toBeHidden();
  await screens(tokenglass.page, "login-pin-pad");
  await token.dialog.getByRole("button", { name: "Log in" }).click();
  await expect(tokenglass.page.locator(".work-head").getByText("logged in as user")).toBeVisible();
});

test("a token that appears is listed without a restart, and leaves the list when it is taken out", async ({
  tokenglass,
}) => {
  const { rm, writeFile } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const present = join(tokenglass.dataFolder, "present");
  await tokenglass.call("app.setSettings", { pollSeconds: 0.5 });
  await addNative(tokenglass as unknown as TestApp, "mock", { present });
  const screen = new TokenScreen(tokenglass.page);
  const entry = screen.entry(/Mock token/);
  await expect(screen.sidebar).toContainText("1 empty slot");
  await writeFile(present, "");
  await entry.click();
  await expect(screen.title()).toHaveText("Mock token");
  await rm(present);
  await expect(entry).toBeHidden();
  await expect(tokenglass.page.getByRole("main")).toContainText("The token is no longer there");
  await screens(tokenglass.page, "token-gone");
});
