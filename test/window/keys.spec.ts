import type { TestApp } from "../harness/app.ts";
import { addNative, mockPins } from "../harness/native.ts";
import { expect, screens, test } from "./harness/window.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";
import { pins } from "./screens/token-screen.ts";

test("an EC key pair is generated, shown with its test signature, and chosen in the table", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await page.getByRole("button", { name: "Generate key", exact: true }).click();
  await expect(objects.dialog.getByRole("radio", { name: "Elliptic curve" })).toBeChecked();
  await objects.field("Label").fill("signing");
  await objects.dialog.getByText("Templates for").click();
  const templates = objects.dialog.getByRole("table");
  await expect(templates.first()).toContainText("CKA_SENSITIVE");
  await expect(templates.first().getByRole("row", { name: /CKA_EXTRACTABLE/ })).toContainText("false");
  await screens(page, "generate-key");

  await objects.button("Generate").click();
  await expect(objects.dialog.getByRole("heading", { name: "Key generated" })).toBeVisible();
  await expect(objects.dialog).toContainText("was verified in software");
  await expect(objects.button("Copy CKA_ID")).toBeVisible();
  await expect(objects.button("Copy URI")).toBeVisible();
  await screens(page, "key-generated");
  await objects.closeDialog();

  await expect(objects.object("Private key", "signing")).toHaveAttribute("aria-selected", "true");
  await expect(objects.object("Public key", "signing")).toContainText("EC P-256");
  await expect(objects.chosen()).toHaveCount(2);
});

test("an RSA key is left running, and its end is reported", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+g");
  await objects.dialog.getByText("RSA", { exact: true }).click();
  await objects.dialog.getByRole("button", { name: "Size" }).click();
  await page.getByRole("option", { name: "4096 bits" }).click();
  await expect(objects.dialog).toContainText("PKCS#11 cannot cancel");
  await objects.field("Label").fill("big");
  await objects.button("Generate").click();
  await expect(objects.dialog).toContainText("PKCS#11 has no way to cancel a generation");
  await objects.button("Leave it running").click();
  await expect(objects.dialog).toBeHidden();
  await expect(objects.toasts).toContainText('Key "big" generated', { timeout: 60_000 });
  await expect(objects.toasts).toContainText("RSA 4096");
  await expect(objects.object("Private key", "big")).toBeVisible();
});

test("a label that is used already is refused until it is allowed", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "twice" } as const;
  await call("keys.generate", { ...address, spec });
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+g");
  await objects.field("Label").fill("twice");
  await expect(objects.dialog).toContainText("Label or CKA_ID used already");
  await expect(objects.button("Generate")).toBeDisabled();
  await screens(page, "generate-taken");
  await objects.dialog.getByText("Generate nevertheless").click();
  await objects.button("Generate").click();
  await expect(objects.dialog.getByRole("heading", { name: "Key generated" })).toBeVisible();
  await objects.closeDialog();
  await expect(objects.object("Private key", "twice")).toHaveCount(2);
});

test("an own CKA_ID with an odd number of digits is explained, not filled up", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+g");
  await objects.field("Label").fill("own id");
  await objects.dialog.getByText("Advanced:").click();
  await objects.field("CKA_ID").fill("78898");
  await expect(objects.dialog).toContainText("5 digits is an odd number");
  await expect(objects.button("Generate")).toBeDisabled();
  await objects.field("CKA_ID").fill("07:88:98");
  await objects.button("Generate").click();
  await expect(objects.dialog.getByRole("heading", { name: "Key generated" })).toBeVisible();
  await expect(objects.dialog).toContainText("07:88:98");
});

test("whoever is not logged in is asked for the PIN first, and the dialog follows", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass, { login: false });
  const objects = new ObjectsScreen(page);
  await page.getByRole("button", { name: "Generate key", exact: true }).click();
  await expect(objects.dialog.getByRole("heading")).toContainText("Log in");
  await objects.field("User PIN").fill(pins.user);
  await page.keyboard.press("Enter");
  await expect(objects.dialog.getByRole("heading", { name: "Generate key" })).toBeVisible();
});

test("only what the token offers can be chosen, and the rest says why not", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const offer = await call("keys.offer", address);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+g");
  const kinds = objects.dialog.getByRole("radiogroup", { name: "Kind" }).getByRole("radio");
  await expect(kinds).toHaveCount(offer.kinds.length);
  for (const [index, { title, presets }] of offer.kinds.entries()) {
    await objects.dialog.getByRole("radiogroup", { name: "Kind" }).getByText(title, { exact: true }).click();
    await expect(kinds.nth(index)).toBeChecked();
    await expect(objects.dialog.getByRole("radiogroup", { name: "What it is for" }).getByRole("radio")).toHaveCount(
      presets.length,
    );
  }
  const [first] = offer.notOffered;
  if (first) {
    await objects.dialog.getByText("What this token does not offer").click();
    await expect(objects.dialog).toContainText(first.why);
  }
});

test("a generation that never ends leaves the rest usable, and only stopping the module ends it", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const row = await addNative(tokenglass as unknown as TestApp, "mock", { fault: "hang:C_GenerateKeyPair" });
  const { slots } = await call("tokens.slots", { module: row.id });
  const token = slots[0]?.token;
  if (!token) throw new Error("the mock shows no token");
  await call("tokens.login", { module: row.id, token: token.ref, who: "user", pin: mockPins.user });
  await page
    .getByRole("navigation", { name: "Modules and tokens" })
    .getByRole("treeitem", { name: /Mock token/ })
    .click();
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+g");
  await objects.field("Label").fill("never");
  await objects.button("Generate").click();
  await expect(objects.dialog.getByRole("timer")).toBeVisible();
  await screens(page, "generating");
  await objects.button("Leave it running").click();
  await expect(page.getByRole("main")).toContainText('key "never": ');
  await page.keyboard.press("F5");
  await expect(objects.grid).toHaveAttribute("aria-busy", "false");
  await expect(objects.count).toHaveText(/\d objects/);
  await screens(page, "generation-left-running");

  await page.getByRole("main").getByRole("button", { name: "Show", exact: true }).click();
  await objects.button("Stop the module…").click();
  await objects.button("Stop the module now").click();
  await expect(objects.toasts).toContainText('Key "never" not generated');
  await expect(objects.count).toHaveText(/\d objects/);
  await screens(page, "generation-stopped");
});
