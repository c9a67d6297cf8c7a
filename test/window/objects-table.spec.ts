import pkcs11js from "pkcs11js";
import type { TestApp } from "../harness/app.ts";
import { certificateFor } from "../harness/certificate.ts";
import { addNative, type Settings } from "../harness/native.ts";
import { openWriter } from "../harness/softhsm-writer.ts";
import { expect, screens, type Tokenglass, test } from "./harness/window.ts";
import { ObjectsScreen, openToken } from "./screens/objects-screen.ts";

const screensFolder = new URL("../../test-results/screens/", import.meta.url);

const bool = (type: number, value: boolean) => ({ type, value });

/** Writes certificates past the app, as another program would. */
const writeCertificates = (tokenglass: Tokenglass, token: Parameters<typeof openWriter>[1], count: number): void => {
  const writer = openWriter(tokenglass as unknown as TestApp, token);
  const value = certificateFor("CN=Ada Lovelace");
  for (let i = 1; i <= count; i++)
    writer.create([
      { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
      { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: pkcs11js.CKC_X_509 },
      bool(pkcs11js.CKA_TOKEN, true),
      bool(pkcs11js.CKA_PRIVATE, false),
      { type: pkcs11js.CKA_LABEL, value: Buffer.from(`certificate ${i}`) },
      { type: pkcs11js.CKA_ID, value: Buffer.from([i >> 8, i & 0xff, 0xab]) },
      { type: pkcs11js.CKA_SUBJECT, value: Buffer.alloc(0) },
      { type: pkcs11js.CKA_VALUE, value },
    ]);
  writer.close();
};

const openMock = async (tokenglass: Tokenglass, settings: Settings): Promise<ObjectsScreen> => {
  const row = await addNative(tokenglass as unknown as TestApp, "mock", settings);
  expect(row.state, JSON.stringify(row.error)).toBe("ready");
  const sidebar = tokenglass.page.getByRole("navigation", { name: "Modules and tokens" });
  await sidebar.getByRole("treeitem", { name: /Mock token/ }).click();
  return new ObjectsScreen(tokenglass.page);
};

test("1,000 certificates on SoftHSM: the table scrolls to the end, sorts by number, filters as one types", async ({
  tokenglass,
}) => {
  // Another program writes the certificates one by one, each to a file of its own.
  test.setTimeout(120_000);
  const { page } = tokenglass;
  const { token } = await openToken(tokenglass);
  const objects = new ObjectsScreen(page);
  await expect(objects.count).toHaveText("0 objects");
  writeCertificates(tokenglass, token, 1000);
  await page.keyboard.press("F5");
  await expect(objects.count).toHaveText("1,000 objects");
  await expect(objects.grid).toHaveAttribute("aria-rowcount", "1001");
  expect(await objects.lines().count()).toBeLessThan(100);

  await objects.sortBy("Label");
  await expect
    .poll(() => objects.labels().then((labels) => labels.slice(0, 3)))
    .toEqual(["certificate 1", "certificate 2", "certificate 3"]);
  await objects.line("certificate 1").first().click();
  await page.keyboard.press("End");
  await expect(objects.object("Certificate", "certificate 1000")).toBeVisible();
  await expect(objects.object("Certificate", "certificate 1000")).toHaveAttribute("aria-selected", "true");
  await expect(objects.object("Certificate", "certificate 1000")).toHaveAttribute("aria-rowindex", "1001");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Home");
  await expect(objects.object("Certificate", "certificate 1")).toHaveAttribute("aria-selected", "true");
  await page.screenshot({ path: new URL("objects-1000.png", screensFolder).pathname });

  await page.keyboard.press("/");
  await page.keyboard.type("certificate 77");
  // 19 by their label, and 4 by their CKA_ID.
  await expect(objects.count).toHaveText("23 of 1,000 objects");
  await objects.filter.fill("03:e7:ab");
  await expect(objects.count).toHaveText("1 of 1,000 objects");
  await expect(objects.object("Certificate", "certificate 999")).toBeVisible();
  await objects.filter.fill("03e7ab");
  await expect(objects.count).toHaveText("1 of 1,000 objects");
  await objects.filter.fill("lovelace no-such-word");
  await expect(page.getByRole("main")).toContainText("None of the 1,000 objects fits the filter");
  await screens(page, "objects-no-match");
  await page.keyboard.press("Escape");
  await expect(objects.count).toHaveText("1,000 objects");
});

test("rows are chosen by click, Ctrl, Shift and the keyboard", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  for (const label of ["a", "b", "c", "d", "e"])
    await call("objects.writeData", { ...address, label, content: btoa(label) });
  const objects = new ObjectsScreen(page);
  const chosen = () => objects.chosen().locator(".cell.label").allTextContents();
  await objects.object("Data object", "b").click();
  await objects.object("Data object", "d").click({ modifiers: ["Shift"] });
  await expect.poll(chosen).toEqual(["b", "c", "d"]);
  await objects.object("Data object", "c").click({ modifiers: ["Control"] });
  await expect.poll(chosen).toEqual(["b", "d"]);
  await objects.object("Data object", "a").click();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect.poll(chosen).toEqual(["a", "b", "c"]);
  await page.keyboard.press("Shift+ArrowUp");
  await expect.poll(chosen).toEqual(["a", "b"]);
  await page.keyboard.press("Control+ArrowDown");
  await page.keyboard.press("Control+ArrowDown");
  await page.keyboard.press(" ");
  await expect.poll(chosen).toEqual(["a", "b", "d"]);
  await page.keyboard.press("Control+a");
  await expect.poll(chosen).toEqual(["a", "b", "c", "d", "e"]);
  await expect(objects.count).toHaveText("5 objects, 5 chosen");
});

test("columns sort both ways, and say so", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("objects.writeData", { ...address, label: "zebra", content: btoa("z") });
  await call("keys.generate", { ...address, spec: { kind: "EC", curve: "P-384", preset: "sign", label: "ant" } });
  const objects = new ObjectsScreen(page);
  const heads = (name: string) => objects.grid.getByRole("columnheader", { name });
  await expect.poll(() => objects.labels()).toEqual(["ant", "ant", "zebra"]);
  await objects.sortBy("Label");
  await expect(heads("Label")).toHaveAttribute("aria-sort", "ascending");
  await objects.sortBy("Label");
  await expect(heads("Label")).toHaveAttribute("aria-sort", "descending");
  await expect.poll(() => objects.labels()).toEqual(["zebra", "ant", "ant"]);
  await objects.sortBy("Key");
  await expect(heads("Label")).toHaveAttribute("aria-sort", "none");
  await expect.poll(() => objects.labels()).toEqual(["ant", "ant", "zebra"]);
});

test("classes are filtered by their chips, which count them", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("objects.writeData", { ...address, label: "note", content: btoa("z") });
  await call("keys.generate", { ...address, spec: { kind: "EC", curve: "P-256", preset: "sign", label: "pair" } });
  const objects = new ObjectsScreen(page);
  await expect(objects.count).toHaveText("3 objects");
  await expect(objects.chip("Data objects 1")).toBeVisible();
  await objects.chip("Private keys 1").click();
  await expect(objects.count).toHaveText("1 of 3 objects");
  await objects.chip("Data objects 1").click();
  await expect(objects.count).toHaveText("2 of 3 objects");
  await objects.chip("Private keys 1").click();
  await objects.chip("Data objects 1").click();
  await expect(objects.count).toHaveText("3 objects");
});

test("keyboard alone: find, open, rename, copy the CKA_ID, delete", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const address = await openToken(tokenglass);
  await call("keys.generate", { ...address, spec: { kind: "EC", curve: "P-256", preset: "sign", label: "one" } });
  await call("objects.writeData", { ...address, label: "note", content: btoa("z") });
  const objects = new ObjectsScreen(page);
  await expect(objects.count).toHaveText("3 objects");
  await page.keyboard.press("/");
  await page.keyboard.type("private");
  await expect(objects.count).toHaveText("1 of 3 objects");
  await page.keyboard.press("ArrowDown");
  await expect(objects.grid).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(objects.inspector).toBeFocused();
  await expect(objects.attribute("CKA_SENSITIVE")).toContainText("yes");
  await page.keyboard.press("Escape");
  await expect(objects.grid).toBeFocused();
  await page.keyboard.press("Control+c");
  await expect(objects.toasts).toContainText("copied");
  await page.keyboard.press("F2");
  await expect(objects.field("Label")).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("renamed");
  await page.keyboard.press("Enter");
  await expect(objects.object("Private key", "renamed")).toBeVisible();
  await expect(objects.dialog).toBeHidden();

  await page.keyboard.press("/");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("note");
  await expect(objects.object("Private key", "renamed")).toBeHidden();
  await expect(objects.object("Data object", "note")).toBeVisible();
  await page.keyboard.press("Enter");
  await page.keyboard.press(" ");
  await expect(objects.object("Data object", "note")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Delete");
  await expect(objects.button("Delete")).toBeEnabled();
  await expect(objects.dialog.getByText("Equivalent command")).toBeVisible();
  // Past the equivalent command and "Cancel": no single key press deletes.
  for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
  await expect(objects.button("Delete")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(objects.count).toHaveText("0 of 2 objects");

  await objects.palette("group by cka");
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await expect(objects.grid.locator(".line.group")).toHaveCount(1);
});

test("rows come one after the other while a slow token is read, with the time it takes", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const objects = await openMock(tokenglass, { objects: 400, fault: "slow:C_GetAttributeValue:4" });
  await expect(page.getByRole("main").getByRole("timer")).toBeVisible();
  await expect(objects.count).toHaveText(/^[1-3]\d\d objects$/);
  await expect(objects.lines().first()).toBeVisible();
  await expect(objects.count).toHaveText("402 objects", { timeout: 20_000 });
});

test("a token that goes away while it is read leaves the rows that were read, and an error above", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  const objects = await openMock(tokenglass, { objects: 300, fault: "error:C_GetAttributeValue:0x32@400+" });
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert).toContainText("CKR_DEVICE_REMOVED");
  await expect(alert).toContainText("shown as read before; there may be more");
  await expect(objects.lines().first()).toBeVisible();
  await screens(page, "objects-error");
});

test("what cannot be read is marked in the row and named in the inspector", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const objects = await openMock(tokenglass, { "attr-fail": "0x3:0x6" });
  const line = objects.line("1 attribute not readable").first();
  await expect(line).toBeVisible();
  await line.click();
  await expect(objects.inspector).toContainText("CKR_FUNCTION_FAILED");
  await expect(objects.attribute("CKA_LABEL")).toContainText("not readable");
  await screens(page, "objects-unreadable");
});

test("a label with bytes that are no text is shown escaped, and can be replaced", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const objects = await openMock(tokenglass, { "object-label": "610a62ff00" });
  await objects.line("a\\nb\\xff\\x00").click();
  await page.keyboard.press("F2");
  await expect(objects.dialog).toContainText("610a62ff00");
  await expect(objects.field("Label")).toHaveValue("");
});

test("10,000 objects are jumped through, chosen and filtered", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const objects = await openMock(tokenglass, { objects: 10_000, pairs: 0, data: 0 });
  await expect(objects.count).toHaveText("10,000 objects", { timeout: 40_000 });
  await objects.grid.focus();
  await page.keyboard.press("End");
  await expect(objects.grid.locator('[aria-rowindex="10001"]')).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+a");
  await expect(objects.count).toHaveText("10,000 objects, 10,000 chosen");
  await objects.filter.fill("certificate 9999");
  await expect(objects.count).toHaveText(/^1 of 10,000 objects/);
  await screens(page, "objects-10000");
});
