import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hasDisplay } from "../setup/display.mjs";
import { findElectron } from "../setup/electron.mjs";
import { inPath } from "../setup/in-path.mjs";
import { installedBrowser } from "../setup/packages.mjs";
import { root, setupFolder } from "../setup/places.mjs";
import { run } from "../setup/run.mjs";
import { readReport } from "./playwright-report.mjs";

/** @typedef {import("./tally.mjs").Tally} Tally @typedef {Tally & { shells: string[] }} WindowTally */

const folder = join(root, "test/window");

/** @param {string} reason @returns {WindowTally} */
const leftOut = (reason) => ({
  passed: 0,
  failed: 0,
  skipped: [{ name: "end-to-end tests", reason }],
  output: "",
  shells: [`browser: not driven, because ${reason}`, `Electron: not driven, because ${reason}`],
});

/** @param {string[]} driven @param {{ binary: string } | { why: string }} electron */
const shellLines = (driven, electron) => {
  const browser = installedBrowser();
  const version = browser ? spawnSync(browser, ["--version"], { encoding: "utf8" }).stdout.trim() : "";
  const browserWhy = browser ? "no test ran in it" : "no Chromium, Chrome or Edge is installed";
  const electronWhy = "why" in electron ? electron.why : "no test ran in it";
  return [
    driven.includes("browser") ? `browser (${version || browser})` : `browser: not driven, because ${browserWhy}`,
    driven.includes("electron") ? "Electron" : `Electron: not driven, because ${electronWhy}`,
  ];
};

/**
 * Drives the real window, in every shell that is there. Where there is an Xvfb the windows open on a display of their
 * own, which the specs start, and not on the screen of whoever runs the tests.
 * @param {number} limitSeconds @returns {Promise<WindowTally>}
 */
export const windowTests = async (limitSeconds) => {
  if (!existsSync(folder) || !readdirSync(folder, { recursive: true }).some((name) => /\.spec\.ts$/.test(String(name))))
    return leftOut("there are no specs in test/window");
  const ownDisplay = inPath("Xvfb") !== null;
  if (!ownDisplay && !hasDisplay()) return leftOut("there is no display and no Xvfb");
  const electron = await findElectron();
  if (!installedBrowser() && "why" in electron) return leftOut("there is neither a browser nor Electron");
  const report = join(setupFolder, "playwright.json");
  rmSync(report, { force: true });
  const args = [join(root, "node_modules/@playwright/test/cli.js"), "test", "-c", join(folder, "playwright.config.ts")];
  const { code, output } = await run(process.execPath, [...args, "--reporter=list,json"], {
    log: "test-window",
    env: {
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      ...(ownDisplay ? { DISPLAY: undefined, WAYLAND_DISPLAY: undefined } : {}),
    },
    limitSeconds,
  });
  try {
    const { driven, ...tally } = readReport(JSON.parse(readFileSync(report, "utf8")));
    const failed = code !== 0 && tally.failed === 0 ? 1 : tally.failed;
    return { ...tally, failed, output, shells: shellLines(driven, electron) };
  } catch {
    return { passed: 0, failed: 1, skipped: [], output, shells: shellLines([], electron) };
  }
};
