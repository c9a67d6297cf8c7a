import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
// Also read by the set-up, which runs before anything is installed.
import browsers from "./browsers.json" with { type: "json" };

const { names } = browsers;
const elsewhere: Partial<Record<NodeJS.Platform, string[]>> = browsers.elsewhere;

/** @returns path of an installed Chromium-like browser, or null. */
export const findBrowser = (): string | null => {
  const inPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [...inPath, ...(elsewhere[process.platform] ?? [])].find((path) => existsSync(path)) ?? null;
};
