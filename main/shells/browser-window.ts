import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Protocol } from "devtools-protocol";
import { bindingName } from "../../preload/contract/bridge.ts";
import type { App } from "../app.ts";
import { preloadFolder } from "../places.ts";
import { exitWords } from "./browser-exit.ts";
import type { BrowserProcess } from "./browser-process.ts";
import type { DevToolsPipe } from "./devtools-pipe.ts";
import { rendererFile, startPage } from "./renderer-files.ts";
import type { Bounds } from "./window-bounds.ts";
import { connectBridge } from "./window-bridge.ts";

/** How the window ended. */
export type WindowEnd =
  | { kind: "closed" }
  | { kind: "crashed"; message: string }
  /** The browser ended before it had a window. */
  | { kind: "not opened"; message: string }
  /** The profile is in use: the browser handed the start over to the process that has it, and left. */
  | { kind: "already open" };

export interface BrowserWindow {
  /** True as soon as the window is there, false if it ended before. */
  opened: Promise<boolean>;
  /** Resolves when the window is gone and the browser with it. */
  ended: Promise<WindowEnd>;
  close(): Promise<void>;
}

/** How long the browser may take to leave when asked, before it is ended. */
const leaveLimit = 3000;

/**
 * Makes the browser's one window the app's: its files are answered from dist/renderer under a made-up origin, every
 * other request is refused, the bridge is put into it; further windows and downloads are denied.
 * @param onUsable called when the page says that it can be worked with.
 */
export const openBrowserWindow = async (options: {
  app: App;
  browser: BrowserProcess;
  onUsable?(): void;
  /** Told where the window is, some time after it was given another size. */
  onBounds?(bounds: Bounds): void;
}): Promise<BrowserWindow> => {
  const { app, browser, onUsable = () => {}, onBounds = () => {} } = options;
  const { pipe } = browser;
  const preload = await readFile(join(preloadFolder, "browser.js"), "utf8");
  let target: string | null = null;
  let crash: string | null = null;
  let isOpen = () => {};
  const attached = new Promise<boolean>((resolve) => {
    isOpen = () => resolve(true);
  });

  const windowGone = new Promise<void>((resolve) => {
    const crashed = (message: string) => {
      crash = message;
      resolve();
    };
    pipe.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      if (target !== null || targetInfo.type !== "page") return void refuseTarget(pipe, targetInfo, target);
      target = targetInfo.targetId;
      const mainFrame = target;
      const onResized = () => void boundsOf(pipe, mainFrame).then(onBounds, () => {});
      connectBridge({ pipe, sessionId, mainFrame, app, news: { onUsable, onResized } });
      lockDown(pipe, sessionId, target, preload).then(isOpen, (error: Error) =>
        crashed(`The window could not be set up: ${error.message}`),
      );
    });
    pipe.on("Target.targetCrashed", ({ targetId }) => {
      if (targetId === target) crashed("The window's process crashed.");
    });
    pipe.on("Target.detachedFromTarget", ({ targetId }) => {
      if (targetId === target) resolve();
    });
  });
  await Promise.race([attach(pipe), pipe.closed]).catch(() => {});

  let tooSlow = false;
  const close = async (): Promise<void> => {
    const timer = setTimeout(() => {
      tooSlow = true;
      browser.kill();
    }, leaveLimit);
    await Promise.race([pipe.send("Browser.close"), pipe.closed]).catch(() => {});
    await browser.exited;
    clearTimeout(timer);
  };

  const end = async (): Promise<WindowEnd> => {
    await Promise.race([windowGone, pipe.closed]);
    await close();
    const exit = await browser.exited;
    if (crash !== null) return { kind: "crashed", message: crash };
    if (target === null && exit.code === 0) return { kind: "already open" };
    if (exit.code === 0 || tooSlow) return { kind: "closed" };
    return { kind: target === null ? "not opened" : "crashed", message: exitWords(exit) };
  };
  return { opened: Promise.race([attached, pipe.closed.then(() => false)]), ended: end(), close };
};

/**
 * Takes over: every request of the browser is asked for here, and every page and worker that the browser has or makes
 * is attached to; none of them runs before it is released.
 */
const attach = async (pipe: DevToolsPipe): Promise<void> => {
  await Promise.all([
    pipe.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] }),
    pipe.send("Target.setDiscoverTargets", { discover: true }),
    pipe.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
    pipe.send("Browser.setDownloadBehavior", { behavior: "deny" }),
  ]);
};

/** A page or worker beside the window: a popup, DevTools, a second start. */
const refuseTarget = async (
  pipe: DevToolsPipe,
  info: Protocol.Target.TargetInfo,
  window: string | null,
): Promise<void> => {
  await pipe.send("Target.closeTarget", { targetId: info.targetId }).catch(() => {});
  // The start of a second app on this profile ends up here as one more window: show the one there is.
  if (window !== null && info.url === startPage) await show(pipe, window).catch(() => {});
};

const show = async (pipe: DevToolsPipe, targetId: string): Promise<void> => {
  const { windowId, bounds } = await pipe.send("Browser.getWindowForTarget", { targetId });
  if (bounds.windowState === "minimized")
    await pipe.send("Browser.setWindowBounds", { windowId, bounds: { windowState: "normal" } });
  await pipe.send("Target.activateTarget", { targetId });
};

/** @returns where the window is; rejects while it is maximised or the like, since that is no place to come back to. */
const boundsOf = async (pipe: DevToolsPipe, targetId: string): Promise<Bounds> => {
  const { bounds } = await pipe.send("Browser.getWindowForTarget", { targetId });
  const { left: x, top: y, width, height, windowState } = bounds;
  if (windowState !== "normal" || width === undefined || height === undefined) throw new Error("not a normal window");
  return { x, y, width, height };
};

const lockDown = async (pipe: DevToolsPipe, sessionId: string, mainFrame: string, preload: string): Promise<void> => {
  const ready = Promise.all([
    pipe.send("Page.enable", undefined, sessionId),
    pipe.send("Runtime.enable", undefined, sessionId),
    pipe.send("Runtime.addBinding", { name: bindingName }, sessionId),
    pipe.send("Page.addScriptToEvaluateOnNewDocument", { source: preload }, sessionId),
    pipe.send("Runtime.runIfWaitingForDebugger", undefined, sessionId),
  ]);
  // Every request of the browser comes here, whoever makes it. Documents wait until the page is set up: one that is
  // loaded meanwhile could come without binding and script.
  pipe.on("Fetch.requestPaused", (request) => void answer(pipe, request, ready).catch(() => {}));
  // The browser began to load the page before we were there to answer.
  await pipe.send("Page.navigate", { url: startPage }, sessionId);
  await ready;
  pipe.on("Page.frameNavigated", ({ frame }, from) => {
    // about:blank and blob: make no request, so they can be reached; the window goes back to the app.
    if (from === sessionId && frame.id === mainFrame && !frame.url.startsWith(startPage))
      void pipe.send("Page.navigate", { url: startPage }, sessionId).catch(() => {});
  });
};

const answer = async (
  pipe: DevToolsPipe,
  { requestId, request }: Protocol.Fetch.RequestPausedEvent,
  ready: Promise<unknown>,
): Promise<void> => {
  const [file] = await Promise.all([request.method === "GET" ? rendererFile(request.url) : null, ready]);
  if (!file) {
    await pipe.send("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
    return;
  }
  const responseHeaders = Object.entries(file.headers).map(([name, value]) => ({ name, value }));
  await pipe.send("Fetch.fulfillRequest", {
    requestId,
    responseCode: file.status,
    responseHeaders,
    body: file.body.toString("base64"),
  });
};
