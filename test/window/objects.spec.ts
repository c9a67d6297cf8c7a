import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { TestApp } from "../harness/app.ts";
import { addNative } from "../harness/native.ts";
import { expect, screens, test } from "./harness/window.ts";
import { issuedFor, openssl, selfMade } from "./screens/certificates-for-tests.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";
import { pins } from "./screens/token-screen.ts";

const ecKey = { kind: "EC", curve: "P-256", preset: "sign" } as const;

test("an empty token says what to do next, before and after login", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass, { login: false });
  const objects = new ObjectsScreen(page);
  const main = page.getByRole("tabpanel", { name: "Objects" });
  await expect(main).toContainText("No public objects on this token");
  await expect(main).toContainText("Private objects appear after login");
  await screens(page, "objects-empty");
  await main.getByRole("button", { name: "Log in as user" }).click();
  await objects.field("User PIN").fill(pins.user);
  await page.keyboard.press("Enter");
  await expect(main).toContainText("This token is empty");
  await expect(main).not.toContainText("Private objects appear after login");
});

test("private objects appear with the login and leave with it", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...ecKey, label: "pair" } });
  const objects = new ObjectsScreen(page);
  await expect(objects.object("Private key", "pair")).toBeVisible();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(objects.object("Private key", "pair")).toBeHidden();
  await expect(objects.object("Public key", "pair")).toBeVisible();
});

test("a certificate is matched to its key by the public key, and takes over its CKA_ID and label", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const { publicKey, id } = await call("keys.generate", { ...address, spec: { ...ecKey, label: "web server" } });
  if (!publicKey) throw new Error("no public key");
  const pem = (await call("objects.read", { ...address, object: refOf(publicKey), format: "pem" })).text ?? "";
  const certificate = issuedFor(pem, "/CN=web.example/O=Example");

  const objects = new ObjectsScreen(page);
  await expect(objects.object("Private key", "web server")).toBeVisible();
  await page.getByRole("button", { name: "Import file" }).click();
  await screens(page, "import-choose");
  await objects.dialog.locator('input[type="file"]').setInputFiles({
    name: "some-name.pem",
    mimeType: "application/x-pem-file",
    buffer: Buffer.from(certificate),
  });
  await expect(objects.dialog).toContainText("web server");
  await expect(objects.field("Label")).toHaveValue("web server");
  await expect(objects.field("CKA_ID")).toHaveValue((id.match(/../g) ?? []).join(":"));
  await screens(page, "import-certificate");
  await objects.button("Write 1 object").click();
  await expect(objects.dialog).toBeHidden();

  const line = objects.object("Certificate", "web server");
  await expect(line).toHaveAttribute("aria-selected", "true");
  await expect(objects.inspector).toContainText("CN=web.example");
  await page.getByRole("button", { name: "Group by CKA_ID" }).click();
  await expect(objects.grid.locator(".line.group")).toContainText("private key and its certificate");
  await screens(page, "objects-grouped");
});

test("an encrypted PKCS#12 file asks for its password; a wrong one can be corrected", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const { pkcs12 } = selfMade("/CN=From a file", "p12-password-canary");
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+o");
  await objects.dialog.locator('input[type="file"]').setInputFiles({
    name: "identity.p12",
    mimeType: "application/x-pkcs12",
    buffer: pkcs12,
  });
  const password = objects.field("Password of identity.p12");
  await password.fill("wrong");
  await objects.button("Open").click();
  await expect(objects.dialog.getByRole("alert")).toBeVisible();
  await password.fill("p12-password-canary");
  await objects.button("Open").click();
  await expect(objects.dialog).toContainText("Private key, EC P-256");
  await screens(page, "import-pkcs12");
  await objects.button(/^Write \d objects?$/).click();
  await expect(objects.dialog).toBeHidden();
  await expect(objects.lines().filter({ hasText: "Private key" })).toHaveCount(1);
  await expect(objects.lines().filter({ hasText: "CN=From a file" })).toHaveCount(1);
});

test("PEM text can be pasted, and what cannot be read is explained", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+o");
  await objects.field("Or paste PEM text").fill("this is no certificate");
  await objects.button("Look at the text").click();
  await expect(objects.dialog.getByRole("alert")).toBeVisible();
  await screens(page, "import-bad-file");
  await objects.button("Remove pasted.pem").click();
  await objects.field("Or paste PEM text").fill(selfMade("/CN=Pasted", "x").certificate);
  await objects.button("Look at the text").click();
  await objects.field("Label").fill("pasted one");
  await objects.button("Write 1 object").click();
  await expect(objects.object("Certificate", "pasted one")).toBeVisible();
});

test("a file that is dropped on the table is looked at", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const data = await dropped(page);
  await page.locator("section.objects").dispatchEvent("drop", { dataTransfer: data });
  const objects = new ObjectsScreen(page);
  await expect(objects.dialog).toContainText("dropped.crt");
  await expect(objects.dialog).toContainText("CN=Dropped");
});

test("a file that is dropped on a dialog is the dialog's, and not the table's behind it", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await objects.more(/Take a certificate reply/);
  await page.locator(".import-choose").dispatchEvent("drop", { dataTransfer: await dropped(page) });
  await expect(objects.dialog).toContainText("CN=Dropped");
  await expect(objects.dialog.getByRole("heading", { level: 2 })).toHaveText("Take a certificate reply");
});

/** A certificate's file, as it is dropped. */
const dropped = (page: Page) =>
  page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "dropped.crt"));
    return transfer;
  }, selfMade("/CN=Dropped", "x").certificate);

test("a data object is written, saved to a file and comes out as it went in", async ({ tokenglass }) => {
  const { page, dataFolder } = tokenglass;
  await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await objects.more(/Write a data object/);
  await objects.field("Label").fill("note");
  await objects.field("Text").fill("Grüße\nline 2");
  await screens(page, "write-data");
  await objects.button("Write").click();
  await expect(objects.object("Data object", "note")).toHaveAttribute("aria-selected", "true");

  await page.keyboard.press("Control+s");
  await objects.field("Folder").fill(dataFolder);
  await objects.button("Save").click();
  await expect(objects.dialog.getByRole("heading", { name: "Saved" })).toBeVisible();
  await screens(page, "saved");
  const path = await objects.savedPath();
  expect(readFileSync(path, "utf8")).toBe("Grüße\nline 2");
});

test("public key and certificate are saved in forms that openssl and ssh read", async ({ tokenglass }) => {
  const { page, dataFolder } = tokenglass;
  await openToken(tokenglass);
  const { certificate } = selfMade("/CN=Saved", "x");
  const objects = new ObjectsScreen(page);
  await page.getByRole("button", { name: "Generate key", exact: true }).click();
  await objects.field("Label").fill("saved");
  await objects.button("Generate").click();
  await objects.closeDialog();
  const save = async (format: string) => {
    await page.keyboard.press("Control+s");
    await objects.dialog.getByRole("button", { name: "Format" }).click();
    await page.getByRole("option", { name: format }).click();
    await objects.field("Folder").fill(dataFolder);
    await objects.button("Save").click();
    const path = await objects.savedPath();
    await objects.closeDialog();
    return readFileSync(path);
  };
  await objects.object("Public key", "saved").click();
  expect(openssl(["pkey", "-pubin", "-in", "key", "-noout", "-text"], { key: await save("PEM") })).toContain("P-256");
  expect(
    openssl(["pkey", "-pubin", "-inform", "DER", "-in", "key", "-noout", "-text"], { key: await save("DER") }),
  ).toContain("P-256");
  expect((await save("OpenSSH line")).toString()).toMatch(/^ecdsa-sha2-nistp256 /);

  await page.keyboard.press("Control+o");
  await objects.field("Or paste PEM text").fill(certificate);
  await objects.button("Look at the text").click();
  await objects.button("Write 1 object").click();
  await expect(objects.inspector).toContainText("CN=Saved");
  expect(openssl(["x509", "-in", "cert", "-noout", "-subject"], { cert: await save("PEM") })).toContain("Saved");
});

test("the inventory is saved as CSV and JSON", async ({ tokenglass }) => {
  const { page, call, dataFolder } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...ecKey, label: "listed" } });
  const objects = new ObjectsScreen(page);
  for (const format of ["CSV", "JSON"]) {
    await objects.more(/Save the inventory/);
    await objects.dialog.getByRole("button", { name: "Format" }).click();
    await page.getByRole("option", { name: format }).click();
    await objects.field("Folder").fill(dataFolder);
    await objects.button("Save").click();
    const path = await objects.savedPath();
    expect(readFileSync(path, "utf8")).toContain("listed");
    await objects.closeDialog();
  }
});

test("a folder that is not there is created only on demand, and the last one is proposed the next time", async ({
  tokenglass,
}) => {
  const { page, call, dataFolder } = tokenglass;
  const address = await openToken(tokenglass);
  await call("objects.writeData", { ...address, label: "kept", content: btoa("kept") });
  const objects = new ObjectsScreen(page);
  const folder = join(dataFolder, "not", "there");
  await objects.object("Data object", "kept").click();
  await page.keyboard.press("Control+s");
  await objects.field("Folder").fill(folder);
  await objects.button("Save").click();
  await expect(objects.dialog).toContainText("There is no such folder. Nothing was written.");
  await screens(page, "save-no-folder");
  expect(existsSync(folder)).toBe(false);
  await objects.button("Create folder and save").click();
  expect(readFileSync(await objects.savedPath(), "utf8")).toBe("kept");
  await objects.closeDialog();
  await page.keyboard.press("Control+s");
  await expect(objects.field("Folder")).toHaveValue(folder);
  await objects.button("Cancel").click();
  await objects.more(/Save the inventory/);
  await expect(objects.field("Folder")).toHaveValue(folder);
});

test("an object is renamed, its CKA_ID is edited with its family, and both read back", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...ecKey, label: "before" } });
  const objects = new ObjectsScreen(page);
  await objects.object("Private key", "before").click();
  await page.keyboard.press("F2");
  await page.keyboard.type("after");
  await expect(objects.field("Label")).toHaveValue("after");
  await screens(page, "rename");
  await page.keyboard.press("Enter");
  await expect(objects.object("Private key", "after")).toHaveAttribute("aria-selected", "true");

  await objects.inspector.getByRole("button", { name: "Change CKA_ID" }).click();
  await objects.field("CKA_ID").fill("abc");
  await expect(objects.dialog).toContainText("odd number");
  await expect(objects.button("Change")).toBeDisabled();
  await objects.field("CKA_ID").fill("0A:0b:0C");
  await screens(page, "change-id");
  await objects.button("Change").click();
  await expect(objects.dialog).toBeHidden();
  await expect(objects.object("Private key", "after")).toContainText("0a0b0c");
  await expect(objects.object("Public key", "before")).toContainText("0a0b0c");
});

test("the inspector shows every attribute, decoded and raw, and says what cannot be read", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...ecKey, label: "looked at" } });
  const objects = new ObjectsScreen(page);
  await objects.object("Private key", "looked at").click();
  await expect(objects.inspector).toContainText("pkcs11:");
  const copies = objects.inspector.getByRole("button", { name: /^Copy .*CKA_ID/ });
  await expect(copies).toHaveCount(3);
  const tops = await copies.evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().top));
  expect(new Set(tops).size, "the ways to copy a CKA_ID stand side by side").toBe(1);
  await expect(objects.attribute("CKA_SENSITIVE")).toContainText("yes");
  await expect(objects.attribute("CKA_LABEL")).toContainText("looked at");
  await objects.attribute("CKA_LABEL").getByText("raw, 9 bytes").click();
  await expect(objects.attribute("CKA_LABEL")).toContainText("6c:6f:6f:6b:65:64:20:61:74");
  await screens(page, "inspector");
  await objects.attribute("CKA_DERIVE").getByRole("button", { name: "Edit CKA_DERIVE" }).click();
  await objects.dialog.getByText("CKA_DERIVE", { exact: true }).last().click();
  await screens(page, "edit-attribute");
  await objects.button("Write").click();
  await expect(objects.dialog).toBeHidden();
  await expect(objects.attribute("CKA_DERIVE")).toContainText("yes");
});

test("a private key is tested, and gets a self-signed certificate beside it", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...ecKey, label: "self" } });
  const objects = new ObjectsScreen(page);
  await objects.object("Private key", "self").click();
  await objects.moreOfObject(/Test signature/);
  await objects.button("Sign and check").click();
  await expect(objects.dialog).toContainText("The signature is valid");
  await screens(page, "test-signature");
  await objects.closeDialog();

  await objects.moreOfObject(/Self-signed certificate/);
  await objects.field("Subject").fill("CN=Ada Lovelace,O=Example");
  await screens(page, "self-sign");
  await objects.button("Make certificate").click();
  await expect(objects.dialog.getByRole("heading", { name: "Certificate made" })).toBeVisible();
  const pem = (await objects.dialog.locator("pre").textContent()) ?? "";
  expect(openssl(["verify", "-CAfile", "c.pem", "c.pem"], { "c.pem": pem })).toContain("OK");
  await objects.button("Write it to the token").click();
  await expect(objects.object("Certificate", "self")).toHaveAttribute("aria-selected", "true");
  await expect(objects.inspector).toContainText("itself (self-signed)");
});

test("a key that wants the PIN at each use asks for it", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const spec = { ...ecKey, label: "careful", alwaysAuthenticate: true };
  await call("keys.generate", { ...address, spec });
  const objects = new ObjectsScreen(page);
  await objects.object("Private key", "careful").click();
  await expect(objects.object("Private key", "careful")).toContainText("PIN each use");
  await screens(page, "always-authenticate");
  await objects.moreOfObject(/Test signature/);
  await expect(objects.button("Sign and check")).toBeDisabled();
  await objects.field("User PIN for this use").fill(pins.user);
  await objects.button("Sign and check").click();
  await expect(objects.dialog).toContainText("The signature is valid");
});

test("a secret key is written from its bytes", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await objects.more(/Write a secret key/);
  await objects.field("Label").fill("from outside");
  await objects.field("Key bytes").fill("00112233");
  await expect(objects.dialog).toContainText("An AES key has 16, 24 or 32 bytes; these are 4.");
  await objects.field("Key bytes").fill("00112233445566778899aabbccddeeff");
  await screens(page, "write-secret-key");
  await objects.button("Write").click();
  await expect(objects.object("Secret key", "from outside")).toContainText("AES 128");
});

test("an object is copied under another name", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("objects.writeData", { ...address, label: "original", content: btoa("x") });
  const objects = new ObjectsScreen(page);
  await objects.object("Data object", "original").click();
  await objects.moreOfObject(/Copy object/);
  await objects.button("Copy").click();
  await expect(objects.object("Data object", "original copy")).toHaveAttribute("aria-selected", "true");
  await expect(objects.object("Data object", "original")).toBeVisible();
});

test("a private key, and several objects at once, are deleted only after what and where was typed; one data object goes at once", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { ...ecKey, label: "doomed" } });
  for (const label of ["one", "two", "three"])
    await call("objects.writeData", { ...address, label, content: btoa(label) });
  const objects = new ObjectsScreen(page);
  await objects.object("Private key", "doomed").click();
  await page.keyboard.press("Delete");
  await expect(objects.dialog).toContainText("There is no way back");
  await expect(objects.button("Delete")).toBeDisabled();
  await screens(page, "delete-key");
  const confirm = (text: string) => objects.field(`Type "${text}" to confirm`);
  const { serial } = address.token;
  const asked = `delete doomed from Objects ${serial}`;
  await confirm(asked).fill("doomed");
  await expect(objects.button("Delete")).toBeDisabled();
  await confirm(asked).fill(asked);
  await objects.button("Delete").click();
  await expect(objects.object("Private key", "doomed")).toBeHidden();

  await objects.object("Data object", "one").click();
  await objects.object("Data object", "two").click({ modifiers: ["Control"] });
  await expect(objects.inspector).toContainText("2 data objects");
  await screens(page, "several-chosen");
  await page.keyboard.press("Delete");
  await expect(objects.button("Delete 2 objects")).toBeDisabled();
  await screens(page, "delete-several");
  const both = `delete 2 objects from Objects ${serial}`;
  await confirm(both).fill(both);
  await page.keyboard.press("Enter");
  await expect(objects.object("Data object", "one")).toBeHidden();
  await expect(objects.object("Data object", "three")).toBeVisible();
  await expect(objects.count).toHaveText("2 objects");

  await objects.object("Data object", "three").click();
  await page.keyboard.press("Delete");
  await objects.button("Delete").click();
  await expect(objects.object("Data object", "three")).toBeHidden();
});

test("on a write-protected token nothing that changes an object is offered, and it says why", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const { id } = await addNative(tokenglass as unknown as TestApp, "mock", { "write-protected": 1 });
  const { slots } = await call("tokens.slots", { module: id });
  if (!slots[0]?.token) throw new Error("the mock shows no token");
  await page.getByRole("treeitem", { name: /Mock token/ }).click();
  const objects = new ObjectsScreen(page);
  await objects.lines().first().click();
  await expect(objects.inspector).toContainText("CKF_WRITE_PROTECTED");
  for (const name of ["Rename", "Change CKA_ID", "Delete…"])
    await expect(objects.inspector.getByRole("button", { name })).toBeDisabled();
  await screens(page, "write-protected");
  await objects
    .lines()
    .nth(1)
    .click({ modifiers: ["Control"] });
  await expect(objects.inspector.getByRole("button", { name: "Delete 2…" })).toBeDisabled();
  await expect(objects.inspector).toContainText("CKF_WRITE_PROTECTED");
});

test("what a certificate's dates mean is told by the clock of now, not of when the table was opened", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const hour = 3_600_000;
  await page.clock.install({ time: Date.now() - hour });
  const address = await openToken(tokenglass);
  const { key } = await call("keys.generate", { ...address, spec: { ...ecKey, label: "dated" } });
  const objects = new ObjectsScreen(page);
  await expect(objects.object("Private key", "dated")).toBeVisible();
  await page.clock.setSystemTime(Date.now());
  const { content } = await call("certificates.selfSign", {
    ...address,
    key: refOf(key),
    subject: "CN=dated",
    days: 1,
  });
  await call("objects.import", { ...address, fileName: "c.cer", content, items: [{ index: 0 }] });
  await objects.object("Certificate", "dated").click();
  await expect(objects.object("Certificate", "dated")).toContainText("within a day");
  await expect(objects.inspector).toContainText("expires within a day");
  await page.clock.setSystemTime(Date.now() + 25 * hour);
  await page.clock.runFor(61_000);
  await expect(objects.object("Certificate", "dated")).toContainText("expired");
  await expect(objects.inspector).toContainText("expired");
});

const refOf = ({ handle, class: name, label, id }: { handle: string; class: string; label: string; id: string }) => ({
  handle,
  class: name as "publicKey",
  label,
  id,
});
