import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { heldByWindow } from "./harness/held-by-window.ts";
import { expect, screens, test } from "./harness/window.ts";
import { selfMade } from "./screens/certificates-for-tests.ts";
import { openToken } from "./screens/objects-screen.ts";

const password = "store-canary-5519";

test("a certificate of a token and one of a file become a trust store that Java sees", async ({ tokenglass }) => {
  const { page, call, dataFolder } = tokenglass;
  await page.keyboard.press("Control+d");
  await page.getByRole("tab", { name: "Trust stores" }).click();
  await screens(page, "stores-empty");
  const address = await openToken(tokenglass);
  const content = Buffer.from(selfMade("/CN=Token CA", "x", 300).certificate).toString("base64");
  await call("objects.import", { ...address, fileName: "ca.pem", content, items: [{ index: 0 }] });
  await page.getByRole("row", { name: /Token CA/ }).click();
  await page.getByRole("button", { name: "More for this object" }).click();
  await page.getByRole("menuitem", { name: /Trust elsewhere/ }).click();
  const stores = page.locator(".stores");
  await expect(stores.getByRole("heading", { name: "1 entry" })).toBeVisible();

  const second = join(dataFolder, "second.pem");
  writeFileSync(second, selfMade("/CN=File CA", "x", 300).certificate);
  const chooser = page.waitForEvent("filechooser");
  await stores.getByRole("button", { name: "Another file…" }).click();
  await (await chooser).setFiles(second);
  await expect(stores.getByRole("heading", { name: "2 entries" })).toBeVisible();
  await stores.getByRole("button", { name: /Which program is to trust them/ }).click();
  await page.getByRole("option", { name: /Java client, jConsole/ }).click();
  await expect(stores).toContainText("Java ignores certificates in a PKCS#12 file that lack its mark of trust");
  const path = join(dataFolder, "trusted.p12");
  await stores.getByRole("textbox", { name: "File", exact: true }).fill(path);
  await stores.getByRole("textbox", { name: "Password of the store" }).fill(password);
  await screens(page, "stores-form");
  await stores.getByRole("button", { name: "Write and read back" }).click();
  const written = page.getByRole("region", { name: "What was written" });
  await expect(written).toContainText("Written, and seen by its readers", { timeout: 60_000 });
  await written.getByText("Entries as keytool tells them").click();
  await expect(written.getByRole("table")).toContainText("trustedCertEntry");
  await screens(page, "stores-written");
  expect(await heldByWindow(page, password)).toEqual([]);
});

test("a PKCS#12 file that Java does not trust is told, repaired, and loses an entry again", async ({ tokenglass }) => {
  const { page, dataFolder } = tokenglass;
  const pem = join(dataFolder, "ca.pem");
  const path = join(dataFolder, "plain.p12");
  writeFileSync(pem, selfMade("/CN=Plain CA", "x", 300).certificate);
  execFileSync("openssl", ["pkcs12", "-export", "-nokeys", "-in", pem, "-out", path, "-passout", `pass:${password}`]);
  await page.keyboard.press("Control+d");
  await page.getByRole("tab", { name: "Trust stores" }).click();
  const read = page.getByRole("region", { name: "Read a store" });
  await read.getByRole("textbox", { name: "File or folder" }).fill(path);
  await read.getByRole("textbox", { name: "Its password, if it has one" }).fill("wrong-password");
  await read.getByRole("button", { name: "See what programs see" }).click();
  await expect(read.getByRole("alert")).toContainText("does not open the file");
  await read.getByRole("textbox", { name: "Its password, if it has one" }).fill(password);
  await read.getByRole("button", { name: "See what programs see" }).click();
  await expect(read).toContainText("Java does not trust what is in it", { timeout: 60_000 });
  await screens(page, "stores-untrusted");
  await read.getByRole("button", { name: "Repair it" }).click();
  await expect(read).toContainText("Written, and seen by its readers", { timeout: 60_000 });
  await expect(read).toContainText("The former one is kept");
  await screens(page, "stores-repaired");
});

test("what a server sent itself is not trusted before its fingerprint is confirmed; a private key is refused", async ({
  tokenglass,
}) => {
  const { page, dataFolder } = tokenglass;
  const { certificate } = selfMade("/CN=server.example.com", "x", 30);
  await page.keyboard.press("Control+d");
  await page.getByRole("tab", { name: "Trust stores" }).click();
  const stores = page.locator(".stores");
  await stores
    .getByRole("textbox", { name: "Or paste PEM text" })
    .fill(`CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = server.example.com\n${certificate}\n---\n`);
  await stores.getByRole("button", { name: "Look at the text" }).click();
  await expect(stores).toContainText("A server sent this certificate itself");
  const folder = join(dataFolder, "out");
  mkdirSync(folder);
  await stores.getByRole("textbox", { name: "File", exact: true }).fill(join(folder, "trusted.pem"));
  const write = stores.getByRole("button", { name: "Write and read back" });
  await expect(write).toBeDisabled();
  await screens(page, "stores-handshake");
  const print = (await stores.locator(".store-print").first().textContent()) ?? "";
  await stores.getByRole("textbox", { name: /Last digits/ }).fill(print.slice(-11));
  await write.click();
  await expect(page.getByRole("region", { name: "What was written" })).toContainText("Written, and seen", {
    timeout: 60_000,
  });
  // Into a folder that is not there yet, the same is written: with what was confirmed.
  const deeper = join(folder, "deeper", "trusted.pem");
  await stores.getByRole("textbox", { name: "File", exact: true }).fill(deeper);
  await write.click();
  const create = stores.getByRole("button", { name: "Create the folder and write" });
  await stores.getByRole("textbox", { name: /Last digits/ }).fill("");
  await expect(create).toBeDisabled();
  await stores.getByRole("textbox", { name: /Last digits/ }).fill(print.slice(-11));
  await create.click();
  const written = page.getByRole("region", { name: "What was written" });
  await expect(written).toContainText(deeper, { timeout: 60_000 });
  await expect(written).toContainText("Written, and seen");
  const key = execFileSync("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
  const file = join(dataFolder, "key.pem");
  writeFileSync(file, key);
  const chooser = page.waitForEvent("filechooser");
  await stores.getByRole("button", { name: "Another file…" }).click();
  await (await chooser).setFiles(file);
  await expect(stores).toContainText("A private key is never exported");
  await screens(page, "stores-refused");
});
