import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findBrowser } from "../../../main/shells/find-browser.ts";

export type ShellName = "browser" | "electron";

/** @returns path of the Electron binary that is installed, or null. Never downloads one. */
export const electronBinary = (): string | null => {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("electron/package.json"));
    const path = join(folder, "dist", readFileSync(join(folder, "path.txt"), "utf8"));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
};

/** The shells that can be driven on this machine. */
export const availableShells = (): ShellName[] => [
  ...(findBrowser() ? (["browser"] as const) : []),
  ...(electronBinary() ? (["electron"] as const) : []),
];
