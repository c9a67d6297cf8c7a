import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, screens, test } from "./harness/window.ts";
import { selfMade } from "./screens/certificates-for-tests.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";

test("the overview says what ends soon, where it lies, and saves it as a calendar", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  await page.keyboard.press("Control+d");
  await page.getByRole("tab", { name: "Expiring" }).click();
  await expect(page.getByText("No certificates yet")).toBeVisible();
  await screens(page, "expiring-empty");
  const address = await openToken(tokenglass);
  for (const [name, days] of [
    ["later", 300],
    ["soon", 20],
  ] as const) {
    const content = Buffer.from(selfMade(`/CN=${name}.example.com`, "x", days).certificate).toString("base64");
    await call("objects.import", { ...address, fileName: `${name}.pem`, content, items: [{ index: 0 }] });
  }
  const { dataFolder } = await call("app.info", {});
  const folder = join(dataFolder, "watched");
  mkdirSync(folder);
  writeFileSync(join(folder, "web.pem"), selfMade("/CN=web.example.com", "x", 3).certificate);
  writeFileSync(join(folder, "damaged.cer"), "-----BEGIN CERTIFICATE-----\nMIIB\n");

  await page.keyboard.press("Control+d");
  await page.getByRole("tab", { name: "Expiring" }).click();
  await page.getByRole("button", { name: "Watch a file or folder…" }).click();
  const objects = new ObjectsScreen(page);
  await objects.field("Path").fill(folder);
  await screens(page, "expiring-watch");
  await objects.button("Watch it").click();
  await expect(objects.dialog).toBeHidden();
  const rows = page.locator(".expiring tbody tr");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText("urgent");
  await expect(rows.nth(1)).toContainText("CN=soon.example.com");
  await expect(page.getByText("3 certificates, 2 expiring soon")).toBeVisible();
  await screens(page, "expiring-full");
  await page.getByRole("button", { name: "Change warning days" }).click();
  await page.getByRole("textbox", { name: /Warn this many days/ }).fill("1");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("3 certificates", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save as calendar…" }).click();
  await objects.field("Folder").fill(dataFolder);
  await objects.button("Save").click();
  expect(await objects.savedPath()).toContain(".ics");
  await expect(objects.dialog.locator(".saved-text")).toContainText("BEGIN:VCALENDAR");
});
