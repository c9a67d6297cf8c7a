import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { logReaders, testNeeds } from "../setup/packages.mjs";
import { Progress } from "../setup/progress.mjs";
import { setUp } from "../setup/set-up.mjs";
import { median } from "./statistics.mjs";
import { writeLog } from "./trace-log.mjs";
import { flingThrough } from "./trace-window.mjs";

const bytes = 1_000_000_000;
const rounds = 5;
const viewer = fileURLToPath(new URL("trace-viewer.mjs", import.meta.url));

/**
 * Opens a log of 1 GB in the trace viewer and has the same bytes read by wc, ripgrep and lnav, in turns; then flings its
 * rows in the window.
 * @returns {Promise<number>} exit code
 */
export const bench = async () => {
  const progress = new Progress();
  // These put the window on the screen.
  const forWindow = testNeeds.filter(({ title }) => /Xvfb|Chromium|fonts/.test(title));
  await setUp(progress, { needs: [...logReaders, ...forWindow] });
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-bench-"));
  const log = join(folder, "large.log");
  try {
    const made = await progress.step("writing a log of 1 GB", async () => writeLog(log, bytes));
    readThrough(log);
    /** @type {Record<string, number>[]} */
    const ours = [];
    /** @type {{ wc: number[], rg: number[] }} */
    const theirs = { wc: [], rg: [] };
    await progress.step(`viewer, wc and ripgrep in turns, ${rounds} times`, async () => {
      for (let round = 0; round < rounds; round++) {
        ours.push(view(log));
        theirs.wc.push(timed("wc", ["-l", log]));
        theirs.rg.push(timed("rg", ["-c", made.returned, log]));
      }
    });
    const lnav = await progress.step("lnav's index", async () =>
      timed("lnav", ["-n", "-q", "-c", ":quit", log], { HOME: folder, XDG_CONFIG_HOME: folder }),
    );
    const window = await progress.step("flinging the list in the window", async () => flingThrough(log));
    print(made, ours, theirs, { lnav, window });
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** So that everybody finds the file in memory. @param {string} path */
const readThrough = (path) => {
  const file = openSync(path, "r");
  const buffer = Buffer.alloc(1 << 22);
  while (readSync(file, buffer) > 0);
  closeSync(file);
};

/** @param {string} log @returns {Record<string, number>} */
const view = (log) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [viewer, log], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the viewer failed: ${stderr}`);
  return JSON.parse(stdout);
};

/**
 * @param {string} program @param {string[]} args @param {Record<string, string>} [environment]
 * @returns {number} milliseconds
 */
const timed = (program, args, environment = {}) => {
  const before = performance.now();
  const { error, status } = spawnSync(program, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "ignore"],
  });
  if (error || status !== 0) throw new Error(`${program} failed: ${error?.message ?? `exit code ${status}`}`);
  return performance.now() - before;
};

/**
 * @param {{ title: string, bytes: number }} made @param {Record<string, number>[]} ours
 * @param {{ wc: number[], rg: number[] }} theirs
 * @param {{ lnav: number, window: Awaited<ReturnType<typeof flingThrough>> }} once measured once
 */
const print = (made, ours, theirs, { lnav, window }) => {
  const of = (/** @type {string} */ name) => median(ours.map((run) => run[name] ?? Number.NaN));
  const rg = median(theirs.rg);
  const index = of("indexMs");
  console.log(
    `\n  ${made.title}, ${(made.bytes / 1e9).toFixed(2)} GB, ${of("rows").toLocaleString("en")} rows; medians\n`,
  );
  const ms = (/** @type {number} */ value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  const mib = (/** @type {number} */ value) => `${value.toFixed(0)} MiB`;
  /** @type {[what: string, value: number, shown: (value: number) => string, limit?: number][]} */
  const lines = [
    ["first screen", of("firstScreenMs"), ms, 100],
    ["full index", index, ms],
    ["  against ripgrep -c", index / rg, (value) => `${value.toFixed(2)} x`, 4],
    ["  against lnav's index", index / lnav, (value) => `${value.toFixed(3)} x`, 0.2],
    ["filter over all rows", of("filterMs"), ms, 50],
    ["next error", of("nextErrorMs"), ms],
    ["last page", of("jumpMs"), ms],
    ["text search over all bytes", of("textMs"), ms],
    ["peak memory until indexed", of("peakMiB"), mib],
    ["peak memory of all of these", of("peakSearchMiB"), mib, 400],
    ["statistics, logins, findings", of("statisticsMs"), ms],
    ["logins alone", of("loginsMs"), ms],
    ["comparison with a second log", of("compareMs"), ms],
    ["  longest silence meanwhile", of("silentMs"), ms, 50],
    ["one record in full", of("recordMs"), ms],
    ["list with operations folded", of("foldMs"), ms],
    ["timeline", of("timelineMs"), ms],
    ["peak memory with these, both logs", of("peakAllMiB"), mib],
    [`fling in the window, ${window.frames} frames, longest`, window.longestMs, ms, 50],
    ["wc -l", median(theirs.wc), ms],
    ["ripgrep -c", rg, ms],
    ["lnav", lnav, ms],
  ];
  for (const [what, value, shown, limit] of lines) {
    const reach = limit === undefined ? "" : `${value <= limit ? "within" : "NOT within"} ${shown(limit)}`;
    console.log(`  ${what.padEnd(46)} ${shown(value).padStart(10)}  ${reach}`.trimEnd());
  }
  if (!window.lastRow) console.log("  The last row could NOT be reached in the window.");
  console.log("");
  console.log(
    JSON.stringify({
      bench: "trace",
      bytes: made.bytes,
      firstScreenMs: Math.round(of("firstScreenMs")),
      indexMs: Math.round(index),
      ratioVsRg: Number((index / rg).toFixed(3)),
      ratioVsLnav: Number((index / lnav).toFixed(3)),
      peakMiB: Math.round(of("peakSearchMiB")),
      filterMs: Math.round(of("filterMs")),
    }),
  );
};
