import type { ObjectRow } from "../../preload/contract/objects.ts";
import { expect, screens, test } from "./harness/window.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";
import { pins, TokenScreen } from "./screens/token-screen.ts";

const spec = { kind: "EC", curve: "P-256", preset: "sign" } as const;

test("without a user PIN, making a key leads to setting it, then to the login, then to the key", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Fresh");
  const objects = new ObjectsScreen(page);
  await page.getByRole("main").getByRole("button", { name: "Generate key", exact: true }).click();
  await expect(objects.dialog.getByRole("heading")).toHaveText("The token has no user PIN yet");
  await screens(page, "no-user-pin");
  await objects.button("Set the user PIN…").click();
  await objects.field("SO PIN").fill(pins.so);
  await objects.field("New user PIN").fill(pins.user);
  await objects.field("New user PIN again").fill(pins.user);
  await objects.button("Set user PIN").click();
  await objects.field("User PIN").fill(pins.user);
  await objects.button("Log in").click();
  await expect(objects.dialog.getByRole("heading", { name: "Generate key" })).toBeVisible();
});

test("whoever does not want to set a user PIN now is left in peace", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Fresh");
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+g");
  await objects.button("Set the user PIN…").click();
  await objects.button("Cancel").click();
  await expect(objects.dialog).toBeHidden();
});

test("a logout while a key is being named loses nothing: the error leads to a login, and the name is still there", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+g");
  await objects.field("Label").fill("typed before");
  await call("tokens.logout", address);
  await objects.button("Generate").click();
  const alert = objects.dialog.getByRole("alert");
  await expect(alert).toContainText("CKR_USER_NOT_LOGGED_IN");
  await screens(page, "login-in-place");
  await alert.getByRole("button", { name: "Log in…" }).click();
  await objects.field("User PIN").fill(pins.user);
  await objects.button("Log in").click();
  await expect(alert).toContainText("You are logged in now");
  await objects.button("Back to the form").click();
  await expect(objects.field("Label")).toHaveValue("typed before");
  await objects.button("Generate").click();
  await expect(objects.dialog.getByRole("heading", { name: "Key generated" })).toBeVisible();
});

test("a private key is renamed after a logout in the middle, although its handle is another one then", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...spec, label: "before" } });
  const objects = new ObjectsScreen(page);
  await objects.object("Private key", "before").click();
  await page.keyboard.press("F2");
  await page.keyboard.type("after");
  await call("tokens.logout", address);
  await page.keyboard.press("Enter");
  const alert = objects.dialog.getByRole("alert");
  await expect(alert).toContainText("CKR_USER_NOT_LOGGED_IN");
  await alert.getByRole("button", { name: "Log in…" }).click();
  await objects.field("User PIN").fill(pins.user);
  await objects.button("Log in").click();
  await expect(objects.field("Label")).toHaveValue("after");
  await expect(objects.object("Private key", "before")).toHaveCount(1);
  await objects.button("Rename").click();
  await expect(objects.dialog).toBeHidden();
  const isKey = ({ class: name }: ObjectRow) => name === "privateKey";
  expect((await call("objects.list", address)).rows.filter(isKey).map(({ label }) => label)).toEqual(["after"]);
});

test("what a key's deletion needs is read again after a login in place, and what was typed stays", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...spec, label: "doomed" } });
  const objects = new ObjectsScreen(page);
  await objects.object("Private key", "doomed").click();
  await page.keyboard.press("Delete");
  const asked = `delete doomed from Objects ${address.token.serial}`;
  await objects.field(`Type "${asked}" to confirm`).fill(asked);
  await call("tokens.logout", address);
  await page.keyboard.press("Enter");
  await objects.dialog.getByRole("alert").first().getByRole("button", { name: "Log in…" }).click();
  await objects.field("User PIN").fill(pins.user);
  await objects.button("Log in").click();
  await expect(objects.field(`Type "${asked}" to confirm`)).toHaveValue(asked);
  await objects.button("Delete").click();
  await expect(objects.dialog).toBeHidden();
  await expect(objects.object("Private key", "doomed")).toBeHidden();
});
