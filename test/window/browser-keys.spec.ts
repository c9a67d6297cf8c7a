import type { Page } from "@playwright/test";
import { expect, test } from "./harness/window.ts";
import { TokenScreen } from "./screens/token-screen.ts";

/** The window is no browser to whoever sits at it. The whole list of keys is in preload/browser-keys.test.ts. */

/** Presses keys; @returns whether the browser was kept from doing something of its own with each. */
const keptFromBrowser = async (page: Page, keys: string[]): Promise<Record<string, boolean>> => {
  await page.evaluate(() => {
    const kept: boolean[] = [];
    Object.assign(globalThis, { kept });
    window.addEventListener(
      "keydown",
      (event) => {
        if (!["Control", "Shift", "Alt"].includes(event.key)) kept.push(event.defaultPrevented);
      },
      true,
    );
  });
  for (const key of keys) await page.keyboard.press(key);
  const kept = await page.evaluate(() => (globalThis as unknown as { kept: boolean[] }).kept);
  return Object.fromEntries(keys.map((key, at) => [key, kept[at] ?? false]));
};

test("while a PIN is typed, no key opens the browser's own search, tools, print or pages", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await page.getByRole("button", { name: "Initialise this token" }).click();
  const pin = token.dialog.locator("input[type=password]").first();
  await pin.focus();
  const keys = ["Control+f", "Control+g", "F3", "F12", "Control+Shift+I", "Control+p", "Control+s", "Control+u", "F5"];
  const kept = await keptFromBrowser(page, [...keys, "Control+r", "Control+n", "Control+t", "F7", "Alt+ArrowLeft"]);
  expect(Object.entries(kept).filter(([, is]) => !is)).toEqual([]);
  await expect(token.dialog).toBeVisible();
});

test("a text field keeps its own keys: typing, selecting, copying, undoing", async ({ tokenglass: { page } }) => {
  await page.getByRole("button", { name: "Initialise this token" }).click();
  const label = page.getByRole("dialog").getByRole("textbox").first();
  await label.fill("");
  await label.pressSequentially("Key @ home");
  await page.keyboard.press("Control+ArrowLeft");
  await page.keyboard.type("my ");
  await expect(label).toHaveValue("Key @ my home");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+x");
  await expect(label).toHaveValue("");
  await page.keyboard.press("Control+z");
  await expect(label).toHaveValue("Key @ my home");
});

test("the browser's menu comes up to paste into a text field, and not to search the web for what is in it", async ({
  tokenglass: { page },
}) => {
  await page.evaluate(() => {
    const menus: boolean[] = [];
    Object.assign(globalThis, { menus });
    window.addEventListener("contextmenu", (event) => {
      menus.push(!event.defaultPrevented);
      event.preventDefault();
    });
  });
  await page.getByRole("heading", { name: "This token is new" }).click({ button: "right" });
  await page.getByRole("button", { name: "Initialise this token" }).click();
  const label = page.getByRole("dialog").getByRole("textbox").first();
  await label.fill("");
  await label.click({ button: "right" });
  await label.fill("secret");
  await label.selectText();
  await label.evaluate((field) =>
    field.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true })),
  );
  const menus = await page.evaluate(() => (globalThis as unknown as { menus: boolean[] }).menus);
  expect(menus).toEqual([false, true, false]);
});

test("there is nothing to go back to", async ({ tokenglass: { page, shell } }) => {
  test.skip(shell !== "browser", "Electron's window is loaded once");
  const debug = await page.context().newCDPSession(page);
  await expect.poll(async () => (await debug.send("Page.getNavigationHistory")).entries.length).toBe(1);
});

test("DevTools are closed before they show anything", async ({ tokenglass: { page, call, shell } }) => {
  test.skip(shell !== "browser", "in Electron they are switched off by webPreferences, and no menu has them");
  const browser = await page.context().browser()?.newBrowserCDPSession();
  const debug = await page.context().newCDPSession(page);
  const { targetInfo } = await debug.send("Target.getTargetInfo");
  if (!browser) throw new Error("no browser");
  await browser.send("Target.openDevTools" as "Target.activateTarget", { targetId: targetInfo.targetId });
  const tools = async () => {
    const { targetInfos } = await browser.send("Target.getTargets", { filter: [{}] });
    return targetInfos.filter(({ url }) => url.startsWith("devtools://")).length;
  };
  await expect.poll(tools).toBe(0);
  await page.waitForTimeout(1000);
  expect(await tools()).toBe(0);
  expect((await call("app.info", {})).version).toBeTruthy();
});
