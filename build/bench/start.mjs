import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installedBrowser, testNeeds } from "../setup/packages.mjs";
import { dist } from "../setup/places.mjs";
import { Progress } from "../setup/progress.mjs";
import { setUp } from "../setup/set-up.mjs";
import { openBareWindow } from "./bare-browser.mjs";
import { ensureDisplay } from "./display.mjs";
import { median, rounded } from "./statistics.mjs";

const runs = 9;
const needed = /Xvfb|Chromium|fonts/;

/**
 * From process start to a usable window (the modules are on the screen), beside the bare browser opening an empty
 * window, in turns. Both have started once before, so both have a profile.
 * @returns {Promise<number>} exit code
 */
export const bench = async () => {
  await setUp(new Progress(), { needs: testNeeds.filter(({ title }) => needed.test(title)) });
  const browser = installedBrowser();
  if (!browser) throw new Error("There is no Chromium, Chrome or Edge.");
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-bench-"));
  const endDisplay = await ensureDisplay();
  try {
    /** @type {number[]} */ const app = [];
    /** @type {number[]} */ const bare = [];
    for (let run = 0; run <= runs; run++) {
      const bareTime = await openBareWindow(browser, join(folder, "bare-profile"));
      const appTime = await openApp(join(folder, "data"));
      const warmUp = run === 0 ? " (warm-up, not counted)" : "";
      console.log(`browser ${bareTime.toFixed(0)} ms, Tokenglass ${appTime.toFixed(0)} ms${warmUp}`);
      if (run === 0) continue;
      app.push(appTime);
      bare.push(bareTime);
    }
    const ratio = median(app) / median(bare);
    console.log(`Medians of ${runs}: browser ${median(bare).toFixed(0)} ms, Tokenglass ${median(app).toFixed(0)} ms.`);
    console.log(JSON.stringify({ bench: "start", ratioVsBrowser: rounded(ratio) }));
    return 0;
  } finally {
    endDisplay();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** @param {string} dataFolder @returns {Promise<number>} milliseconds until the window says that it is usable */
const openApp = async (dataFolder) => {
  const began = performance.now();
  const child = spawn(process.execPath, [join(dist, "main", "browser.js")], {
    env: { ...process.env, TOKENGLASS_DATA: dataFolder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const usable = new Promise((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      if (text.includes("Window usable")) resolve(performance.now() - began);
    });
  });
  const milliseconds = await Promise.race([usable, ended]);
  child.kill("SIGTERM");
  await ended;
  if (typeof milliseconds !== "number") throw new Error("Tokenglass ended before its window was usable.");
  return milliseconds;
};
