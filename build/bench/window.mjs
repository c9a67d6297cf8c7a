import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { installedBrowser } from "../setup/packages.mjs";
import { dist } from "../setup/places.mjs";
import { clickToLastRow } from "./in-page.mjs";
import { tokenLabel } from "./stores.mjs";

/**
 * The product's own window on a store: what `npm start` runs, only that its browser also opens a DevTools port for
 * the measurement to look on.
 * @param {{ dataFolder: string, count: number }} store
 */
export const openWindow = async (store) => {
  const browser = installedBrowser();
  if (!browser) throw new Error("There is no Chromium, Chrome or Edge.");
  const portFile = join(store.dataFolder, "browser-profile", "DevToolsActivePort");
  rmSync(portFile, { force: true });
  const child = spawn(process.execPath, [join(dist, "main", "browser.js")], {
    env: {
      ...process.env,
      TOKENGLASS_DATA: store.dataFolder,
      PATH: `${browserWithPort(store.dataFolder, browser)}${delimiter}${process.env.PATH}`,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  try {
    const { page, looking } = await attach(portFile);
    return {
      page,
      /** Milliseconds from the click on the token to its last row on the screen. */
      list: () => listOnce(page, store.count),
      close: async () => {
        await looking.close();
        await stop();
      },
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};

/** @param {string} portFile where the browser writes its DevTools port */
const attach = async (portFile) => {
  const port = await until(async () => readFileSync(portFile, "utf8").split("\n")[0]);
  // Playwright attached while the app's page is on its way would take the placeholder for the page.
  await until(async () => {
    /** @type {{ url: string, title: string }[]} */
    const targets = JSON.parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).text());
    return targets.some(({ url, title }) => url.startsWith("https://") && title.includes("Tokenglass"));
  });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const looking = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = await until(async () => {
    const pages = looking.contexts().flatMap((context) => context.pages());
    return pages.find((each) => each.url().startsWith("https://"));
  });
  return { page, looking };
};

/** @param {string} folder @param {string} browser @returns {string} a folder to put first in PATH */
const browserWithPort = (folder, browser) => {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const { names } = JSON.parse(readFileSync(new URL("../../main/shells/browsers.json", import.meta.url), "utf8"));
  const [name] = names;
  writeFileSync(join(bin, name), `#!/bin/sh\nexec "${browser}" --remote-debugging-port=0 "$@"\n`);
  chmodSync(join(bin, name), 0o755);
  return bin;
};

/**
 * One listing from nothing: a page that was loaded anew has no rows. The clock runs in the page itself and stops in
 * the frame after the one in which the last row is in the table and scrolled into sight.
 * @param {import("@playwright/test").Page} page @param {number} count
 * @returns {Promise<number>}
 */
const listOnce = async (page, count) => {
  // The window opens with the token chosen last, which would be listed before the click.
  await page.evaluate(() =>
    /** @type {any} */ (globalThis).tokenglass.call(2_000_000, "app.setSettings", { lastToken: null }),
  );
  await page.reload();
  const token = page.getByRole("treeitem", { name: tokenLabel });
  await token.waitFor();
  // The page's own work after loading is no part of the listing.
  await page.waitForTimeout(300);
  return token.evaluate(clickToLastRow, count);
};

/** @template T @param {() => Promise<T | undefined | false | "">} find @returns {Promise<T>} */
const until = async (find) => {
  const limit = Date.now() + 30_000;
  for (;;) {
    const found = await find().catch(() => undefined);
    if (found) return found;
    if (Date.now() > limit) throw new Error(`nothing came of ${find} within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
