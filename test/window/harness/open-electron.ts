import { _electron } from "@playwright/test";
import type { OpenWindow } from "./open-window.ts";
import { electronBinary } from "./shells.ts";

const entry = new URL("../../../dist/main/electron.js", import.meta.url).pathname;

/** The Electron shell as a process of its own, driven by Playwright. */
export const openInElectron = async (dataFolder: string): Promise<OpenWindow> => {
  const executablePath = electronBinary();
  if (!executablePath) throw new Error("no Electron binary");
  const asRoot = process.getuid?.() === 0;
  const electron = await _electron.launch({
    executablePath,
    args: [...(asRoot ? ["--no-sandbox"] : []), entry],
    env: { ...process.env, TOKENGLASS_DATA: dataFolder } as Record<string, string>,
  });
  return {
    page: await electron.firstWindow(),
    ended: new Promise((resolve) => electron.once("close", () => resolve())),
    close: () => electron.close(),
  };
};
