import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, HTTPRequest, Page } from "puppeteer-core";
import type { BridgeMessage } from "../../preload/contract/bridge.ts";
import type { App } from "../app.ts";
import { preloadFolder } from "../places.ts";
import { origin, rendererFile } from "./renderer-files.ts";

export interface BrowserWindow {
  page: Page;
  /** Resolves when the window or the browser is gone. */
  closed: Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the app as a window of an installed Chromium, driven over a pipe: no port is opened. The window's files are
 * answered from dist/renderer under a made-up origin; every other request is refused.
 * @param extraArguments for tests only; the product's entry gives none.
 */
export const openBrowserWindow = async (options: {
  app: App;
  browser: string;
  profile: string;
  extraArguments?: string[];
}): Promise<BrowserWindow> => {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser: Browser = await puppeteer.launch({
    executablePath: options.browser,
    headless: false,
    pipe: true,
    defaultViewport: null,
    userDataDir: options.profile,
    ignoreDefaultArgs: ["--enable-automation"],
    args: [
      "--app=data:text/html,<title>Tokenglass</title>",
      "--no-first-run",
      "--no-default-browser-check",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-extensions",
      "--window-size=1280,820",
      // Chromium refuses to run as root inside its sandbox.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...(options.extraArguments ?? []),
    ],
  });
  const [page] = await browser.pages();
  if (!page) throw new Error("The browser opened no window.");
  await page.setRequestInterception(true);
  page.on("request", (request) => void answer(request));
  await connect(page, options.app);
  await page.goto(`${origin}/`);
  const closed = new Promise<void>((resolve) => {
    page.once("close", () => resolve());
    browser.once("disconnected", () => resolve());
  });
  return { page, closed: closed.then(() => browser.close().catch(() => {})), close: () => browser.close() };
};

const answer = async (request: HTTPRequest): Promise<void> => {
  const file = await rendererFile(request.url());
  await (file ? request.respond(file) : request.abort("blockedbyclient")).catch(() => {});
};

/** Gives the page the bridge, and nothing else. */
const connect = async (page: Page, app: App): Promise<void> => {
  const send = (message: BridgeMessage) => {
    void page
      .evaluate(
        (text) => (globalThis as { tokenglassReceive?: (text: string) => void }).tokenglassReceive?.(text),
        JSON.stringify(message),
      )
      .catch(() => {});
  };
  await page.exposeFunction("tokenglassSend", async (id: number, name: string, input: unknown) => {
    const reply = await app.dispatch(name, input, (value) => send({ kind: "progress", id, value }));
    return JSON.stringify(reply);
  });
  await page.evaluateOnNewDocument(await readFile(join(preloadFolder, "browser.js"), "utf8"));
  app.onEvent((name, data) => send({ kind: "event", name, data }));
};
