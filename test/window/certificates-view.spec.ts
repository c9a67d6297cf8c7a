import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { heldByWindow } from "./harness/held-by-window.ts";
import { expect, screens, test } from "./harness/window.ts";
import { CertificatesScreen, fixture } from "./screens/certificates-screen.ts";
import { openToken } from "./screens/objects-screen.ts";

const password = "fixture-password";

test("a certificate is shown in words: fields, names for each program, what TLS does with it, its ASN.1", async ({
  tokenglass: { page },
}) => {
  const view = new CertificatesScreen(page);
  await page.keyboard.press("Control+d");
  await expect(page.getByRole("button", { name: "Choose files…" })).toBeVisible();
  await screens(page, "certificates-none");
  await view.open(fixture("extensions.pem"), fixture("name-long.pem"));
  await expect(view.item("Ada Lovelace")).toContainText("valid");
  await view.list.getByRole("button", { name: /Every extension/ }).click();
  const item = view.item("Every extension");
  await expect(item).toContainText("UPN ada@corp.example");
  await expect(item).toContainText("CA: yes");
  await screens(page, "certificates-fields");
  await view.list.getByRole("button", { name: /Ada Lovelace/ }).click();
  await view.tab("Names");
  await expect(view.item("Ada Lovelace")).toContainText("T=Dr.OU=Sub.OU=Department");
  await screens(page, "certificates-names");
  await view.tab("TLS");
  await expect(view.item("Ada Lovelace")).toContainText("GSK_TLS_SIG_ALG_PAIRS");
  await screens(page, "certificates-tls");
  await view.tab("ASN.1");
  await expect(view.tree.getByRole("treeitem").first()).toContainText("SEQUENCE");
  await screens(page, "certificates-asn1");
});

test("keys move in the ASN.1 tree, and what is chosen is marked among the bytes, and the other way round", async ({
  tokenglass: { page },
}) => {
  const view = new CertificatesScreen(page);
  await view.show();
  await view.open(fixture("ca.pem"));
  await view.tab("ASN.1");
  await view.tree.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const chosen = view.tree.locator('[aria-selected="true"]');
  await expect(chosen).toContainText("INTEGER");
  await expect(chosen).toContainText("2");
  const marked = page.getByRole("group", { name: "Bytes of the element" }).locator(".hex .linked");
  await expect(marked).toHaveText("02 01 02 ");
  await expect(marked).toBeInViewport();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(chosen).toContainText("[0]");
  await expect(chosen).toHaveAttribute("aria-expanded", "false");
  // A click on the number within opens what hides it.
  await marked.last().click({ position: { x: 60, y: 5 } });
  await expect(chosen).toContainText(/INTEGER|\[0\]/);
});

test("requests, lists, PKCS#7 and damaged files; of a private key only the public half", async ({
  tokenglass: { page, dataFolder },
}) => {
  const view = new CertificatesScreen(page);
  const damaged = join(dataFolder, "damaged.der");
  const der = execFileSync("openssl", ["x509", "-in", fixture("extensions.pem"), "-outform", "DER"]);
  writeFileSync(damaged, der.subarray(0, 600));
  await view.show();
  await view.open(fixture("request-rsa.csr"), fixture("list.crl"), fixture("all.p7b"), damaged);
  await expect(page.getByRole("alert").first()).toContainText("byte");
  await screens(page, "certificates-damaged");
  await view.tab("ASN.1");
  await expect(view.tree).toContainText("SEQUENCE");
  await view.list
    .getByRole("button", { name: /Revocation list of/ })
    .first()
    .click();
  await view.tab("Fields");
  await expect(page.getByRole("article")).toContainText("keyCompromise");
  await screens(page, "certificates-crl");
  await view.list.getByRole("button", { name: /^Request/ }).click();
  await expect(page.getByRole("article")).toContainText("good, by its own key");
  const key = new URL("../fixtures/keys/ec-prime256v1.pkcs8.pem", import.meta.url).pathname;
  await view.open(key);
  await expect(page.getByRole("article")).toContainText("The private values are not shown");
  await expect(page.getByRole("button", { name: "Copy public key", exact: true })).toBeVisible();
  await expect(page.getByRole("tab", { name: "ASN.1" })).toHaveCount(0);
  // The window had the file's bytes in base64, to hand them on.
  const handed = readFileSync(key).toString("base64").slice(80, 160);
  await expect.poll(() => heldByWindow(page, handed)).toEqual([]);
});

test("a PKCS#12 file asks for its password, says when it is wrong, and forgets it", async ({
  tokenglass: { page },
}) => {
  const view = new CertificatesScreen(page);
  await view.show();
  await view.open(fixture("leaf.p12"));
  const field = page.getByLabel("Password of leaf.p12", { exact: true });
  await field.fill("not it");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("The password does not open the file");
  await screens(page, "certificates-password");
  await field.fill(password);
  await page.keyboard.press("Enter");
  await expect(view.item("leaf.example")).toContainText("valid");
  await expect(view.list.getByRole("button", { name: /Private key, RSA 2048/ })).toBeVisible();
  await expect.poll(() => heldByWindow(page, password)).toEqual([]);
});

test("pasted text opens; an item is saved as PEM that openssl reads", async ({ tokenglass: { page, dataFolder } }) => {
  const view = new CertificatesScreen(page);
  await view.show();
  const pem = readFileSync(fixture("name-utf8.pem"), "utf8");
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  }, pem);
  await expect(view.item("Žofie 日本 😀")).toBeVisible();
  await page.getByRole("button", { name: "Save…" }).click();
  await view.dialog.getByRole("textbox", { name: "File name" }).fill("saved");
  await view.dialog.getByRole("textbox", { name: "Folder" }).fill(dataFolder);
  await view.dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(view.dialog.getByRole("heading", { name: "Saved" })).toBeVisible();
  const read = (path: string) => execFileSync("openssl", ["x509", "-in", path, "-outform", "DER"]).toString("base64");
  expect(read(join(dataFolder, "saved.pem"))).toBe(read(fixture("name-utf8.pem")));
});

test("a certificate on a token opens in the viewer from the inspector and by key", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("objects.import", {
    ...address,
    fileName: "leaf.pem",
    content: readFileSync(fixture("leaf.pem")).toString("base64"),
    items: [{ index: 0, label: "leaf", id: "01" }],
  });
  const line = page.getByRole("grid", { name: "Objects" }).locator(".line.object").filter({ hasText: "leaf" });
  await line.first().click();
  await page.getByRole("button", { name: "View certificate" }).click();
  await expect(new CertificatesScreen(page).item("leaf.example")).toContainText("clientAuth");
});
