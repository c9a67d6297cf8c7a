import { heldByWindow } from "./harness/held-by-window.ts";
import { expect, screens, test } from "./harness/window.ts";
import { selfMade } from "./screens/certificates-for-tests.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";
import { pins } from "./screens/token-screen.ts";

const secret = "file-password-canary";
const p12 = (name: string) => ({
  name: `${name}.p12`,
  mimeType: "application/x-pkcs12",
  buffer: selfMade(`/CN=${name}`, secret).pkcs12,
});
const pem = (name: string, subject = `/CN=${name}`) => ({
  name: `${name}.pem`,
  mimeType: "application/x-pem-file",
  buffer: Buffer.from(selfMade(subject, secret).certificate),
});
const damaged = { name: "damaged.cer", mimeType: "application/pkix-cert", buffer: Buffer.from("no certificate") };

test("Enter in a file's password field opens that file and writes none", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+o");
  await objects.dialog.locator('input[type="file"]').setInputFiles([pem("plain"), p12("first"), p12("second")]);
  await expect(objects.field("Password of second.p12")).toBeVisible();
  await objects.field("Password of first.p12").fill(secret);
  await page.keyboard.press("Enter");
  const first = objects.dialog.getByRole("region", { name: "first.p12" });
  await expect(first).toContainText("Private key, EC P-256");
  await expect(objects.dialog.getByRole("region", { name: "plain.pem" })).not.toContainText("written");
  expect((await call("objects.list", address)).count).toBe(0);
});

test("files that are not opened are named, and nothing is written before they are opened or removed", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+o");
  await objects.dialog.locator('input[type="file"]').setInputFiles([pem("plain"), p12("closed"), damaged]);
  await expect(objects.dialog).toContainText("2 of 3 files are not opened and will not be written");
  await expect(objects.button("Write 1 object")).toBeDisabled();
  await screens(page, "import-not-opened");
  await objects.button("Remove damaged.cer").click();
  await expect(objects.dialog).toContainText("1 of 2 files is not opened and will not be written");
  await objects.button("Remove it").click();
  await objects.button("Write 1 object").click();
  await expect(objects.dialog).toBeHidden();
  expect((await call("objects.list", address)).count).toBe(1);
});

test("a file that the token refuses stays with its error, the others are written, and it can be tried again", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("objects.import", {
    ...address,
    fileName: "there.pem",
    content: pem("there", "/CN=taken").buffer.toString("base64"),
    items: [{ index: 0 }],
  });
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+o");
  await objects.dialog.locator('input[type="file"]').setInputFiles([pem("a", "/CN=taken"), pem("b"), pem("c")]);
  await objects.button("Write 3 objects").click();
  const refused = objects.dialog.getByRole("region", { name: "a.pem" });
  await expect(refused.getByRole("alert")).toContainText("used already");
  for (const name of ["b.pem", "c.pem"])
    await expect(objects.dialog.getByRole("region", { name })).toContainText("written");
  await expect(objects.dialog).toContainText("1 of 3 files not written");
  await screens(page, "import-refused");
  expect((await call("objects.list", address)).count).toBe(3);
  await refused.getByRole("textbox", { name: "Label" }).fill("free");
  await objects.button("Write 1 object").click();
  await expect(objects.dialog).toBeHidden();
  await expect(objects.chosen()).toHaveCount(3);
  expect((await call("objects.list", address)).rows.map(({ label }) => label).sort()).toEqual([
    "b",
    "c",
    "free",
    "taken",
  ]);
});

test("the window forgets a file's password as soon as the file is open, and writes it all the same", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+o");
  await objects.dialog.locator('input[type="file"]').setInputFiles([p12("identity")]);
  await objects.field("Password of identity.p12").fill(secret);
  expect(await heldByWindow(page, secret)).not.toEqual([]);
  await objects.button("Open").click();
  await expect(objects.dialog).toContainText("Private key, EC P-256");
  expect(await heldByWindow(page, secret)).toEqual([]);
  await objects.button("Write 3 objects").click();
  await expect(objects.dialog).toBeHidden();
  await expect(objects.object("Private key", "from file")).toBeVisible();
});

test("a login in the middle of an import shows what the token has, and takes the rest along", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const { certificate, key } = selfMade("/CN=both", secret);
  await call("objects.import", {
    ...address,
    fileName: "key.pem",
    content: btoa(key),
    items: [0, 1].map((index) => ({ index, label: "its key" })),
  });
  await call("tokens.logout", address);
  const objects = new ObjectsScreen(page);
  await page.keyboard.press("Control+o");
  const file = { name: "both.pem", mimeType: "application/x-pem-file", buffer: Buffer.from(certificate) };
  await objects.dialog.locator('input[type="file"]').setInputFiles([file]);
  await expect(objects.dialog).toContainText('The public key "its key" on the token has the same');
  await screens(page, "import-logged-out");
  await objects.button("Log in…").click();
  await objects.field("User PIN").fill(pins.user);
  await objects.button("Log in").click();
  await expect(page.getByRole("dialog", { name: /^Log in/ })).toBeHidden();
  await expect(objects.dialog).toContainText('Belongs to the private key "its key"');
  await expect(objects.dialog).not.toContainText("logged in:");
});
