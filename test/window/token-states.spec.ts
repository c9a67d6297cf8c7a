import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestApp } from "../harness/app.ts";
import { addNative, mockPins, type Settings } from "../harness/native.ts";
import { expect, screens, type Tokenglass, test } from "./harness/window.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";
import { pins, TokenScreen } from "./screens/token-screen.ts";

const trust = "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-trust.so";

const openMock = async (tokenglass: Tokenglass, settings: Settings, name: RegExp | string = /Mock token/) => {
  const row = await addNative(tokenglass as unknown as TestApp, "mock", settings);
  expect(row.state, JSON.stringify(row.error)).toBe("ready");
  const token = new TokenScreen(tokenglass.page);
  await token.open(name);
  return token;
};

const hexLabel = (label: string) => Buffer.from(label.padEnd(32)).toString("hex");
const wrongPin = "wrong-6605-canary";

test("a token that needs no login says so, offers nothing with PINs, and Ctrl+L explains it", async ({
  tokenglass,
}) => {
  test.skip(!existsSync(trust), "p11-kit's trust module is not installed");
  const { page, call } = tokenglass;
  const sha256 = createHash("sha256")
    .update(await readFile(trust))
    .digest("hex");
  await call("modules.add", { path: trust, sha256 });
  const token = new TokenScreen(page);
  await token.open(/System Trust/);
  const head = page.locator(".work-head");
  await expect(head).toContainText("needs no login");
  await expect(head).not.toContainText(/PIN yet|not logged in/);
  await expect(head.getByRole("button", { name: /Set the user PIN|Log in/ })).toHaveCount(0);

  await page.keyboard.press("Control+l");
  await expect(token.dialog).toBeHidden();
  await expect(page.locator(".toasts")).toContainText("This token needs no login");

  await page.getByRole("button", { name: "PINs and token" }).click();
  for (const entry of [/Log in as SO/, /Set the user PIN/, /Change the user PIN/, /Change the SO PIN/, /Initialise/])
    await expect(page.getByRole("menuitem", { name: entry })).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Escape");

  await page.getByRole("tab", { name: "Token" }).click();
  const facts = page.getByRole("tabpanel");
  await expect(facts).toContainText("This token needs no login and has no PINs.");
  await expect(facts).not.toContainText(/0 to 0|SO PIN is set|not reported open/);
  await expect(facts).toContainText("no limit; how many are open is not reported");
  await screens(page, "token-no-login");
});

test("a write-protected token: what would write is disabled with the reason, in every menu and by key", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  const label = "A long label, 32 bytes of UTF-8.";
  const token = await openMock(tokenglass, { "write-protected": "1", label: hexLabel(label) }, /A long label/);
  const objects = new ObjectsScreen(page);
  await expect(objects.object("Certificate", "certificate 1")).toBeVisible();

  await page.getByRole("button", { name: "PINs and token" }).click();
  for (const entry of [/Log in as SO/, /Unblock/, /Change the user PIN/, /Change the SO PIN/, /Initialise/]) {
    const item = page.getByRole("menuitem", { name: entry });
    await expect(item).toHaveAttribute("aria-disabled", "true");
    await expect(item).toContainText("The token is write protected.");
  }
  const menu = page.locator(".popover");
  const overflow = await menu.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(overflow, "the URI must not make the menu scroll sideways").toBe(0);
  await screens(page, "write-protected-menu");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "More tasks with objects" }).click();
  for (const entry of [/Write a data object/, /Write a secret key/])
    await expect(page.getByRole("menuitem", { name: entry })).toContainText("The token is write protected.");
  await page.keyboard.press("Escape");

  await objects.object("Certificate", "certificate 1").click();
  await page.keyboard.press("Delete");
  await expect(token.dialog).toBeHidden();
  await expect(objects.toasts).toContainText("Not possible: Delete");
  await expect(objects.toasts).toContainText("The token is write protected.");
});

test("two tokens with one label are told apart by their serials: sidebar, slots, palette, dialogs", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  await openToken(tokenglass, { label: "Twin", login: false });
  const token = new TokenScreen(page);
  await expect(token.entry("Twin")).toHaveText("Twin");
  await token.open(/New token/);
  await token.initialise("Twin");
  const { slots } = await call("tokens.slots", { module: "demo" });
  const serials = slots.flatMap(({ token }) => (token?.label === "Twin" ? token.serial : []));
  expect(serials).toHaveLength(2);
  for (const serial of serials) {
    await expect(token.entry(serial.slice(-6))).toContainText("Twin");
    await expect(token.sidebar.getByTitle(`serial ${serial}`)).toBeVisible();
  }
  await screens(page, "twins");

  const [first = ""] = serials;
  await token.open(first.slice(-6));
  await token.menu(/Unblock/);
  await expect(token.dialog).toContainText(first);
  await page.keyboard.press("Escape");
  await token.menu(/Initialise/);
  await expect(token.dialog.getByRole("textbox", { name: `Type "Twin ${first}" to confirm` })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+k");
  await page.keyboard.type(`token twin ${first.slice(-6)}`);
  await expect(page.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await token.open(/Demo token/);
  for (const serial of serials) await expect(page.getByRole("cell", { name: serial })).toBeVisible();
});

test("a wrong SO PIN is told once, and the focus is in its field, which is empty", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass, { login: false });
  const token = new TokenScreen(page);
  await token.menu(/Unblock/);
  await token.field("SO PIN").fill(wrongPin);
  await token.field("New user PIN").fill(pins.newUser);
  await token.field("New user PIN again").fill(pins.newUser);
  await token.dialog.getByRole("button", { name: "Set user PIN" }).click();
  await expect(token.dialog.getByRole("alert")).toContainText("CKR_PIN_INCORRECT");
  await expect(token.field("SO PIN")).toBeFocused();
  await expect(token.field("SO PIN")).toHaveValue("");
  await expect(token.dialog.getByText(/Some tries for the SO PIN are used up/)).toHaveCount(1);
  await expect(token.dialog.getByRole("alert")).toContainText(/Where: C_Login as SO, token/);
  await screens(page, "set-user-pin-wrong-so-pin");
  await page.keyboard.type(pins.so);
  await page.keyboard.press("Enter");
  await expect(token.dialog).toBeHidden();
  await token.logIn(pins.newUser);
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
});

test("a wrong SO PIN at initialising empties its fields, and the focus is in the first", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const { token: ref } = await openToken(tokenglass, { login: false });
  const token = new TokenScreen(page);
  await token.menu(/Initialise/);
  await token.field("Label").fill("Fresh");
  await token.field("SO PIN of this token").fill(wrongPin);
  await token.field("SO PIN again").fill(wrongPin);
  await token.dialog.getByText("What is still needed from it is kept elsewhere.").click();
  await token.dialog.getByRole("textbox", { name: /^Type / }).fill(`Objects ${ref.serial}`);
  await page.keyboard.press("Enter");
  await expect(token.dialog.getByRole("alert")).toContainText("CKR_PIN_INCORRECT");
  await expect(token.field("SO PIN of this token")).toBeFocused();
  await expect(token.field("SO PIN of this token")).toHaveValue("");
  await expect(token.field("SO PIN again")).toHaveValue("");
  await expect(
    token.dialog.getByRole("alert"),
    "the error is in sight, whatever the length of the dialog",
  ).toBeInViewport({ ratio: 1 });
  await expect(token.dialog.getByText(/Some tries for the SO PIN are used up/)).toHaveCount(1);
  await screens(page, "initialise-wrong-so-pin");
  await page.keyboard.press("Escape");
  await expect(token.dialog).toBeHidden();
});

test("a last try that was wrong: locked is told once with the way out, and the keyboard still works", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  const token = await openMock(tokenglass, { "so-pin": "final" });
  await token.menu(/Change the SO PIN/);
  await token.dialog.getByRole("textbox", { name: 'Type "Mock token" to use the last try' }).fill("Mock token");
  await token.field("Old SO PIN").fill(wrongPin);
  await token.field("New SO PIN").fill("fresh-so-pin");
  await token.field("New SO PIN again").fill("fresh-so-pin");
  await page.keyboard.press("Enter");
  await expect(token.dialog.getByRole("alert")).toContainText("The SO PIN is locked.");
  await expect(token.dialog.getByText(/A locked SO PIN cannot be unlocked/)).toHaveCount(1);
  await expect(token.dialog.getByRole("textbox")).toHaveCount(0);
  await screens(page, "so-pin-locked");
  await page.keyboard.press("Escape");
  await expect(token.dialog).toBeHidden();
  await page.getByRole("button", { name: "PINs and token" }).click();
  await expect(page.getByRole("menuitem", { name: /Change the SO PIN/ })).toContainText("The SO PIN is locked.");
});

test("a device without SO login says so before an SO PIN is typed", async ({ tokenglass }) => {
  const token = await openMock(tokenglass, { "smartcard-hsm": 1 }, /SmartCard-HSM/);
  await token.menu(/Log in as SO/);
  await expect(token.dialog).toContainText("This device has no SO login");
  await expect(token.dialog.getByRole("textbox")).toHaveCount(0);
  await expect(token.dialog.getByRole("button", { name: "Log in" })).toBeDisabled();
  await screens(tokenglass.page, "login-no-so");
});

test("where SO PIN and user PIN have different lengths, each field goes by its own", async ({ tokenglass }) => {
  const token = await openMock(tokenglass, { "smartcard-hsm": 1 }, /SmartCard-HSM/);
  await token.menu(/Unblock/);
  await token.field("SO PIN").fill("3537363231383830");
  await token.field("New user PIN").fill("12345");
  await expect(token.dialog).toContainText("The token wants at least 6 characters.");
  await token.field("New user PIN").fill("648219");
  await token.field("New user PIN again").fill("648219");
  await expect(token.dialog.getByRole("button", { name: "Set user PIN" })).toBeEnabled();
});

test("a logout that nobody asked for is told until somebody has logged in again", async ({ tokenglass }) => {
  const { page, call, dataFolder } = tokenglass;
  const present = join(dataFolder, "present");
  await writeFile(present, "");
  await call("app.setSettings", { pollSeconds: 0.5 });
  const token = await openMock(tokenglass, { present });
  await token.logIn(mockPins.user);
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
  await rm(present);
  const news = page.locator(".toasts").getByText("Logged out of Mock token");
  await expect(news).toBeVisible();
  await expect(page.locator(".toasts")).toContainText("because the token left");
  await writeFile(present, "");
  await token.logIn(mockPins.user);
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
  await expect(news).toBeHidden();
});

test("keys pressed in a dialog count as work with the token, and put off its logout on idle time", async ({
  tokenglass,
}) => {
  test.skip(tokenglass.shell !== "browser", "looks at what the page itself sends");
  const { page } = tokenglass;
  await openToken(tokenglass);
  const token = new TokenScreen(page);
  await page.evaluate(() => {
    const scope = globalThis as unknown as { sent: unknown[] };
    scope.sent = [];
    const real = JSON.stringify;
    JSON.stringify = ((value: unknown, ...rest: []) => {
      const { kind, name, input } = (value ?? {}) as { kind?: string; name?: string; input?: unknown };
      if (kind === "call" && name === "tokens.used") scope.sent.push(input);
      return real(value, ...rest);
    }) as typeof JSON.stringify;
  });
  const sent = () => page.evaluate(() => (globalThis as unknown as { sent: { token: { label: string } }[] }).sent);
  await token.menu(/Change the user PIN/);
  // What was pressed to get here counted as well; the next is told after a pause.
  await page.waitForTimeout(5200);
  const before = (await sent()).length;
  await token.field("Old user PIN").pressSequentially("12");
  await expect.poll(async () => (await sent()).length).toBe(before + 1);
  expect((await sent()).at(-1)).toMatchObject({ module: "demo", token: { label: "Objects" } });
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.locator(".work-head").getByText("not logged in")).toBeVisible();
  const after = (await sent()).length;
  await page.waitForTimeout(5200);
  await page.keyboard.press("Shift");
  expect((await sent()).length, "nobody is logged in: nothing to put off").toBe(after);
});
