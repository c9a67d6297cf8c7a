import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { openApp } from "../../../main/app.ts";
import { forkWithNode } from "../../../main/host/process.ts";
import { hostEntry } from "../../../main/places.ts";
import { launchBrowser } from "../../../main/shells/browser-process.ts";
import { makeProfile, profileFolder } from "../../../main/shells/browser-profile.ts";
import { openBrowserWindow } from "../../../main/shells/browser-window.ts";
import type { DevToolsPipe } from "../../../main/shells/devtools-pipe.ts";
import { findBrowser } from "../../../main/shells/find-browser.ts";
import { origin } from "../../../main/shells/renderer-files.ts";
import { boundsPath, writeBounds } from "../../../main/shells/window-bounds.ts";
import { bridgeName } from "../../../preload/contract/bridge.ts";
import type { OpenWindow } from "./open-window.ts";

/**
 * The browser shell in this process, with a DevTools port beside its pipe so that Playwright can look on. Only tests
 * open a port; security.spec.ts shows that the product does not.
 */
export const openInBrowser = async (dataFolder: string): Promise<OpenWindow> => {
  const path = findBrowser();
  if (!path) throw new Error("no browser");
  const profile = profileFolder(path, dataFolder);
  makeProfile(profile);
  const browser = launchBrowser({
    browser: path,
    profile,
    bounds: { x: 0, y: 0, width: 1280, height: 820 },
    extraArguments: ["--remote-debugging-port=0", "--force-device-scale-factor=1"],
  });
  const app = await openApp({ dataFolder, shell: "browser", fork: forkWithNode(hostEntry), version: "0.0.0-test" });
  const loaded = pageLoaded(browser.pipe);
  const window = await openBrowserWindow({
    app,
    browser,
    onBounds: (bounds) => void writeBounds(boundsPath(dataFolder), bounds),
  });
  if (!(await window.opened)) throw new Error(`The window did not open: ${JSON.stringify(await window.ended)}`);
  void app.startModules();
  // Playwright may take the placeholder for the page if it attaches while the app's page is on its way.
  await loaded;
  const looking = await chromium.connectOverCDP(`http://127.0.0.1:${await portOf(profile)}`);
  return {
    page: await appPage(() => looking.contexts().flatMap((context) => context.pages())),
    ended: window.ended.then(() => app.close()),
    close: async () => {
      await looking.close();
      await window.close();
      await window.ended;
      await app.close();
    },
  };
};

const pageLoaded = (pipe: DevToolsPipe): Promise<void> =>
  new Promise((resolve) => {
    let arrived = false;
    pipe.on("Page.frameNavigated", ({ frame }) => {
      arrived = frame.url.startsWith(origin);
    });
    pipe.on("Page.loadEventFired", () => {
      if (arrived) resolve();
    });
  });

const portOf = async (profile: string): Promise<string> =>
  until(async () => (await readFile(join(profile, "DevToolsActivePort"), "utf8").catch(() => "")).split("\n")[0]);

/** The page, once its document is the app's own and has the bridge. */
const appPage = (pages: () => Page[]): Promise<Page> =>
  until(async () => {
    const page = pages().find((candidate) => candidate.url().startsWith(origin));
    return (await page?.evaluate((name) => name in globalThis, bridgeName).catch(() => false)) ? page : undefined;
  });

const until = async <T>(look: () => Promise<T | undefined | "">, milliseconds = 15_000): Promise<T> => {
  const limit = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > limit) throw new Error(`nothing came of ${look} within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
