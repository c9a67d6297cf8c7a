import { expect, screens, test } from "./harness/window.ts";
import { issuedFor, selfMade } from "./screens/certificates-for-tests.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";

type Opened = Parameters<typeof openToken>[0];

const withKey = async (tokenglass: Opened) => {
  const { call } = tokenglass;
  const address = await openToken(tokenglass);
  const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "web server" } as const;
  const { id } = await call("keys.generate", { ...address, spec });
  const object = { class: "publicKey", label: "web server", id } as const;
  const { text } = await call("objects.read", { ...address, object, format: "pem" });
  return { address, id, publicKey: text ?? "" };
};

test("pasted text becomes the certificate beside its key; a renewed one asks what becomes of the old", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const { address, id, publicKey } = await withKey(tokenglass);
  const objects = new ObjectsScreen(page);
  await objects.more(/certificate reply/);
  await screens(page, "reply-empty");
  const mail = `Dear customer,\n\nhere is your certificate:\n\n${issuedFor(publicKey, "/CN=www.example.com", 20)}\nRegards`;
  await objects.field("Or paste what the CA sent").fill(mail);
  await objects.button("Look at the text").click();
  await expect(objects.dialog).toContainText('For the private key "web server"');
  await screens(page, "reply-found");
  await objects.button("Write 1 certificate").click();
  await expect(objects.dialog).toBeHidden();
  await expect(objects.object("Certificate", "web server")).toBeVisible();

  const renewed = issuedFor(publicKey, "/CN=www.example.com", 400);
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  }, renewed);
  await expect(objects.dialog).toContainText("1 certificate for the same key is on the token");
  await expect(objects.button("Write 1 certificate")).toBeDisabled();
  await screens(page, "reply-existing");
  await objects.dialog.getByText("Replace it").click();
  await objects.button("Write 1 certificate").click();
  await expect(objects.dialog).toContainText("read back and compared");
  await expect(objects.dialog.locator(".saved-text")).toContainText("BEGIN CERTIFICATE");
  await screens(page, "reply-replaced");
  await objects.closeDialog();
  const { rows } = await call("objects.list", address);
  expect(rows.filter((row) => row.class === "certificate").map((row) => row.id)).toEqual([id]);
});

test("a reply that fits no key, a request and a locked file say what is wrong", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await withKey(tokenglass);
  const objects = new ObjectsScreen(page);
  const choose = (name: string, buffer: Buffer) =>
    objects.dialog.locator('input[type="file"]').setInputFiles({ name, mimeType: "application/x-any", buffer });
  await objects.more(/certificate reply/);
  const foreign = selfMade("/CN=foreign", "file-password-canary");
  await choose("foreign.crt", Buffer.from(foreign.certificate));
  await expect(objects.dialog).toContainText("No key on the token has this public key");
  await expect(objects.button("Write")).toBeDisabled();
  await choose("cut.pem", Buffer.from(foreign.certificate.slice(0, 200)));
  await expect(objects.dialog.getByRole("alert")).toContainText("has no end");
  await screens(page, "reply-refused");
  await choose("locked.p12", foreign.pkcs12);
  await objects.field("Password of locked.p12").fill("file-password-canary");
  await page.keyboard.press("Enter");
  await expect(objects.dialog).toContainText("CN=foreign");
});
