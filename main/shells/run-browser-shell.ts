import { openApp } from "../app.ts";
import { forkWithNode } from "../host/process.ts";
import { hostEntry, version } from "../places.ts";
import type { BrowserProcess } from "./browser-process.ts";
import { openBrowserWindow, type WindowEnd } from "./browser-window.ts";
import { boundsPath, writeBounds } from "./window-bounds.ts";

/**
 * Runs the app in a window until the window, the browser or the user (SIGINT, SIGTERM, SIGHUP) ends it; then logs
 * out, ends the token hosts and the browser.
 * @returns the exit code: 0 for a window that was closed or is open already, 1 for a crash.
 */
export const runBrowserShell = async (dataFolder: string, browser: BrowserProcess): Promise<number> => {
  const app = await openApp({ dataFolder, shell: "browser", fork: forkWithNode(hostEntry), version });
  let usable = () => {};
  const isUsable = new Promise<void>((resolve) => {
    usable = resolve;
  });
  const onUsable = () => {
    process.stdout.write(`Window usable after ${Math.round(performance.now())} ms.\n`);
    usable();
  };
  const window = await openBrowserWindow({
    app,
    browser,
    onUsable,
    onBounds: (bounds) => void writeBounds(boundsPath(dataFolder), bounds),
  });
  // The window first: the modules' processes would take its time. What asks for a module before starts it.
  void isUsable.then(() => app.startModules());
  // Who started the app may have left, and its terminal with it; that is no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  let cause = "the window was closed";
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      cause = `${signal} came`;
      void window.close();
    });
  const end = await window.ended;
  await app.close();
  return report(end, cause, dataFolder);
};

const report = (end: WindowEnd, cause: string, dataFolder: string): number => {
  if (end.kind === "closed") process.stdout.write(`Tokenglass has ended: ${cause}.\n`);
  if (end.kind === "already open")
    process.stdout.write(`Tokenglass is already open with the data folder ${dataFolder}; its window was shown.\n`);
  if (end.kind === "not opened") process.stderr.write(`The window could not be opened. ${end.message}\n`);
  if (end.kind === "crashed")
    process.stderr.write(`${end.message}\nEvery token was logged out. Start Tokenglass again.\n`);
  return end.kind === "not opened" || end.kind === "crashed" ? 1 : 0;
};
