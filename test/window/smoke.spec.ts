import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./harness/window.ts";

test("the window opens, and its bridge reaches the app", async ({ tokenglass }) => {
  await expect(tokenglass.page).toHaveTitle(/Tokenglass/);
  const info = await tokenglass.call("app.info", {});
  expect(info).toMatchObject({ shell: tokenglass.shell, dataFolder: tokenglass.dataFolder });
});

test("the embedded token is listed and becomes ready", async ({ tokenglass }) => {
  await expect
    .poll(async () => (await tokenglass.call("modules.list", {})).modules.map(({ id, state }) => ({ id, state })))
    .toEqual([{ id: "demo", state: "ready" }]);
});

test("the window has the size that it is given, and a new size is kept for the next start", async ({ tokenglass }) => {
  test.skip(tokenglass.shell !== "browser", "sets the size through the browser");
  const { page, dataFolder } = tokenglass;
  expect(await page.evaluate(() => [outerWidth, outerHeight])).toEqual([1280, 820]);
  const debug = await page.context().newCDPSession(page);
  const { windowId } = await debug.send("Browser.getWindowForTarget");
  const bounds = { left: 33, top: 44, width: 940, height: 690 };
  await debug.send("Browser.setWindowBounds", { windowId, bounds });
  const kept = async () => JSON.parse(await readFile(join(dataFolder, "window.json"), "utf8").catch(() => "null"));
  await expect.poll(kept).toEqual({ x: 33, y: 44, width: 940, height: 690 });
});
