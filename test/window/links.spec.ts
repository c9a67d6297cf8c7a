import { expect, screens, test } from "./harness/window.ts";
import { selfMade } from "./screens/certificates-for-tests.ts";
import { openToken } from "./screens/objects-screen.ts";

const refOf = ({
  handle,
  class: objectClass,
  label,
  id,
}: {
  handle: string;
  class: "privateKey";
  label: string;
  id: string;
}) => ({
  handle,
  class: objectClass,
  label,
  id,
});

test("an empty token, and one before login, say what is to be done", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass, { login: false });
  await page.getByRole("tab", { name: "Links" }).click();
  const links = page.getByRole("tabpanel", { name: "Links" });
  await expect(links).toContainText("Private keys are seen only after login");
  await expect(links).toContainText("No keys and no certificates");
  await screens(page, "links-empty");
});

test("a broken link is found, explained for each program, repaired as previewed, and undone", async ({
  tokenglass,
}) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  const { key } = await call("keys.generate", {
    ...address,
    spec: { kind: "EC", curve: "P-256", preset: "tlsClient", label: "web login" },
  });
  const made = await call("certificates.selfSign", {
    ...address,
    key: refOf(key as never),
    subject: "CN=Ada Lovelace,O=Example",
    days: 400,
  });
  const items = [{ index: 0, id: "0badc0de", label: "Ada" }];
  await call("objects.import", { ...address, fileName: "ada.der", content: made.content, items });
  const others = selfMade("/CN=somebody else/O=Example", "x");
  await call("objects.import", {
    ...address,
    fileName: "other.pem",
    content: Buffer.from(others.certificate).toString("base64"),
    items: [{ index: 0 }],
  });
  await call("keys.generate", { ...address, spec: { kind: "RSA", size: 2048, preset: "sign", label: "signing" } });

  await page.getByRole("tab", { name: "Links" }).click();
  const links = page.getByRole("tabpanel", { name: "Links" });
  const card = links.getByRole("region", { name: "Key web login" });
  await expect(card).toContainText("Same CKA_ID only: not proved");
  await page.getByRole("button", { name: "Prove all by test signatures" }).click();
  await expect(card).toContainText("Proved by a test signature");
  await expect(card).toContainText("another CKA_ID, another label");
  await card.getByRole("button", { name: "Java (SunPKCS11): does not see it" }).click();
  const reasons = card.getByRole("region", { name: "Java (SunPKCS11): reasons" });
  await expect(reasons).toContainText("certificate-other-id");
  await screens(page, "links-broken");

  await card.locator("header").getByRole("button", { name: "Repair…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("table")).toContainText("0badc0de");
  await expect(dialog.getByRole("table")).toContainText(key.id);
  await screens(page, "links-repair");
  await dialog.getByRole("button", { name: "Make 1 change" }).click();
  await expect(dialog).toBeHidden();
  await expect(card.getByRole("button", { name: "Java (SunPKCS11): sees it" })).toBeVisible();
  await expect(card).not.toContainText("another CKA_ID");
  await screens(page, "links-mended");

  await page.getByRole("button", { name: "Undo a repair…" }).click();
  await expect(dialog).toContainText("CKA_ID back to 0badc0de");
  await screens(page, "links-undo");
  await dialog.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(dialog).toContainText("There is nothing to undo");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(card.getByRole("button", { name: "Java (SunPKCS11): does not see it" })).toBeVisible();
});
