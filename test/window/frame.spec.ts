import { existsSync } from "node:fs";
import type { TestApp } from "../harness/app.ts";
import { addNative } from "../harness/native.ts";
import { openInBrowser } from "./harness/open-browser.ts";
import { expect, screens, test } from "./harness/window.ts";
import { ModuleScreen } from "./screens/module-screen.ts";
import { openToken } from "./screens/objects-screen.ts";
import { TokenScreen } from "./screens/token-screen.ts";

test("the sidebar is one stop of the Tab key; arrow keys, Home, End and letters move in it, Enter opens", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  await openToken(tokenglass, { label: "First", login: false });
  await openToken(tokenglass, { label: "Second", login: false });
  const token = new TokenScreen(page);
  const tree = token.sidebar.getByRole("tree", { name: "Modules and tokens" });
  await expect(tree.locator('[tabindex="0"]')).toHaveCount(1);
  await page.getByRole("button", { name: "Command palette" }).focus();
  await page.keyboard.press("Tab");
  const stop = tree.locator('[aria-current="page"]');
  await expect(stop).toBeFocused();
  await expect(stop).toHaveAttribute("aria-level", "2");
  await expect(stop).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: /^Trace/ })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(stop).toBeFocused();

  const focused = tree.locator(":focus");
  await page.keyboard.press("Home");
  await expect(focused).toHaveAttribute("aria-level", "1");
  await page.keyboard.press("ArrowRight");
  await expect(focused).toHaveAttribute("aria-posinset", "1");
  await page.keyboard.press("ArrowLeft");
  await expect(focused).toHaveAttribute("aria-level", "1");
  await page.keyboard.press("End");
  await expect(focused).toHaveText(/New token/);
  await page.keyboard.press("f");
  await expect(focused).toHaveText("First");
  await page.keyboard.press("Enter");
  await expect(token.title()).toHaveText("First");
  await expect(token.entry("First")).toHaveAttribute("aria-current", "page");
});

test("the palette does not list itself, has no entry twice, and leads to every tab and token", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  await openToken(tokenglass, { label: "Tabs", login: false });
  await page.keyboard.press("Control+k");
  const options = page.getByRole("option");
  const titles = await options.locator("span:nth-child(2)").allTextContents();
  expect(titles.length).toBeGreaterThan(10);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  expect(titles.filter((title) => /palette/i.test(title))).toEqual([]);
  expect(titles.filter((title) => /URI/.test(title))).toEqual(["Copy the token's PKCS#11 URI"]);
  expect(titles).toContain("Token Tabs");
  await screens(page, "palette-all");
  await page.keyboard.type("mechanisms");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "Mechanisms" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("token information");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "Token" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("show objects");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "Objects" })).toHaveAttribute("aria-selected", "true");
});

test("the window opens with the token that was chosen last", async ({ tokenglass }) => {
  test.skip(tokenglass.shell !== "browser", "opens the browser shell a second time");
  const { page, call, dataFolder } = tokenglass;
  await openToken(tokenglass, { label: "First", login: false });
  const { token } = await openToken(tokenglass, { label: "Second", login: false });
  await expect
    .poll(async () => (await call("app.settings", {})).lastToken)
    .toEqual({ module: "demo", token: expect.objectContaining({ label: "Second", serial: token.serial }) });
  // Another module, which is up at another time, changes nothing.
  await addNative(tokenglass as unknown as TestApp, "mock", {});
  await expect(new TokenScreen(page).entry(/Mock token/)).toBeVisible();
  await tokenglass.close();
  const again = await openInBrowser(dataFolder);
  try {
    await expect(new TokenScreen(again.page).title()).toHaveText("Second");
  } finally {
    await again.close();
  }
});

test("no focus is drawn twice: settings, radio cards, menus, tabs", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass);
  /** Boxes with an outline that can be seen. */
  const rings = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll("body *")].filter((element) => {
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          return outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
        }).length,
    );
  const walk = async (where: string, key: string, times: number) => {
    for (let step = 1; step <= times; step++) {
      await page.keyboard.press(key);
      expect(await rings(), `${where}, ${key} ${step}`).toBe(1);
    }
  };
  await page.keyboard.press("Control+,");
  await walk("settings", "Tab", 10);
  await new TokenScreen(page).open("Objects");
  await page.keyboard.press("Control+g");
  await expect(page.getByRole("dialog").getByRole("radio").first()).toBeVisible();
  await walk("generate", "Tab", 12);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "PINs and token" }).focus();
  await page.keyboard.press("Enter");
  await walk("menu", "ArrowDown", 4);
});

test("a module that does not load is listed with its CKR name and what to do", async ({ tokenglass }) => {
  test.skip(!existsSync("/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so"), "tpm2-pkcs11 is not installed");
  const modules = new ModuleScreen(tokenglass.page);
  await modules.openFinder();
  const row = modules.row("libtpm2_pkcs11.so");
  await expect(row).toContainText(/CKR_[A-Z_]+/);
  await expect(row).toContainText("is not running");
  await expect(row.getByText("no", { exact: true })).toBeVisible();
});

test("flags have their PKCS#11 names and plain words", async ({ tokenglass }) => {
  const { page } = tokenglass;
  await openToken(tokenglass, { login: false });
  await page.getByRole("tab", { name: "Token" }).click();
  await expect(page.getByRole("tabpanel")).toContainText("CKF_LOGIN_REQUIRED some things need a login");
  await page.getByRole("tab", { name: "Mechanisms" }).click();
  await page.getByRole("searchbox", { name: "Filter mechanisms" }).fill("CKF_EC_F_P ecdsa");
  await expect(page.getByRole("row", { name: /CKM_ECDSA / })).toContainText("curves over prime fields CKF_EC_F_P");
  await expect(page.getByRole("tabpanel")).not.toContainText("ec f p");
  await screens(page, "mechanism-flags");
});
