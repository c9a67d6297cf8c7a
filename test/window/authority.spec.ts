import { expect, screens, test } from "./harness/window.ts";
import { openssl } from "./screens/certificates-for-tests.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";

test("a CA on a token issues what a request asks for, revokes it, and lists it", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  await page.keyboard.press("Control+d");
  await page.getByRole("tab", { name: "Issued" }).click();
  await expect(page.getByText("No CA has issued anything yet")).toBeVisible();
  await screens(page, "issued-empty");
  const address = await openToken(tokenglass);
  const spec = { kind: "EC", curve: "P-256", preset: "ca", label: "Test CA" } as const;
  const { id } = await call("keys.generate", { ...address, spec });
  const key = { class: "privateKey", label: "Test CA", id } as const;
  const own = await call("certificates.selfSign", { ...address, key, subject: "CN=Test CA", days: 100, ca: true });
  await call("objects.import", { ...address, fileName: "ca.cer", content: own.content, items: [{ index: 0 }] });
  const request = openssl([
    ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf.key"],
    ...["-subj", "/CN=www.example.com", "-addext", "subjectAltName=DNS:www.example.com"],
    ...["-addext", "keyUsage=critical,digitalSignature", "-addext", "basicConstraints=critical,CA:TRUE"],
  ]);

  const objects = new ObjectsScreen(page);
  await objects.object("Private key", "Test CA").click();
  await objects.moreOfObject(/Issue a certificate/);
  await objects.field("Or paste the request").fill(request);
  await objects.button("Look at the text").click();
  await expect(objects.dialog).toContainText("its signature fits its key");
  await expect(objects.dialog).toContainText("asks for a CA certificate");
  await expect(objects.dialog.getByRole("checkbox", { name: /Basic constraints/ })).not.toBeChecked();
  await expect(objects.dialog.getByRole("checkbox", { name: /Alternative names/ })).toBeChecked();
  await screens(page, "issue");
  await objects.button("Issue certificate").click();
  await expect(objects.dialog).toContainText("would outlive the CA's certificate");
  await screens(page, "issue-refused");
  await objects.field("Valid for days").fill("90");
  await objects.button("Issue certificate").click();
  await expect(objects.dialog).toContainText("It is in the register of CN=Test CA");
  await screens(page, "issue-done");
  await objects.closeDialog();

  await page.keyboard.press("Control+d");
  await page.getByRole("tab", { name: "Issued" }).click();
  await expect(page.getByText("1 certificate issued, 0 revoked")).toBeVisible();
  await page.getByRole("button", { name: "Revoke CN=www.example.com" }).click();
  await screens(page, "issued-revoke");
  await objects.button("Revoke").click();
  await expect(page.getByText("1 certificate issued, 1 revoked")).toBeVisible();
  await page.getByRole("button", { name: "Make revocation list…" }).click();
  await objects.button("Make list").click();
  await expect(objects.dialog).toContainText("Number 1, 1 certificate revoked");
  await expect(objects.dialog.locator(".saved-text")).toContainText("BEGIN X509 CRL");
  await objects.closeDialog();
  await expect(page.getByText(/Revocation list 1, made/)).toBeVisible();
  await screens(page, "issued-full");
});
