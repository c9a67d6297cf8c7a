import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Progress } from "../setup/progress.mjs";
import { setUp } from "../setup/set-up.mjs";
import { median } from "./statistics.mjs";
import { writeLog } from "./trace-log.mjs";

const bytes = 1_000_000_000;
const rounds = 5;
const viewer = fileURLToPath(new URL("trace-viewer.mjs", import.meta.url));

/**
 * Opens a log of 1 GB in the trace viewer and has the same bytes read by wc, ripgrep and lnav, in turns.
 * @returns {Promise<number>} exit code
 */
export const bench = async () => {
  const progress = new Progress();
  await setUp(progress, { needs: [] });
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
        theirs.wc.push(timed("wc", ["-l", log]) ?? Number.NaN);
        theirs.rg.push(timed("rg", ["-c", made.returned, log]) ?? Number.NaN);
      }
    });
    const lnav = await progress.step("lnav's index", async () =>
      timed("lnav", ["-n", "-c", ":quit", log], { HOME: folder, XDG_CONFIG_HOME: folder }),
    );
    print(made, ours, theirs, lnav);
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
 * @returns {number | null} milliseconds; null if the program is not installed
 */
const timed = (program, args, environment = {}) => {
  const before = performance.now();
  const { error, status } = spawnSync(program, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "ignore"],
  });
  if (error || status !== 0) return null;
  return performance.now() - before;
};

/**
 * @param {{ title: string, bytes: number }} made @param {Record<string, number>[]} ours
 * @param {{ wc: number[], rg: number[] }} theirs @param {number | null} lnav
 */
const print = (made, ours, theirs, lnav) => {
  const of = (/** @type {string} */ name) => median(ours.map((run) => run[name] ?? Number.NaN));
  const rg = theirs.rg.some(Number.isNaN) ? null : median(theirs.rg);
  const ms = (/** @type {number | null} */ value) => (value === null ? "not installed" : `${value.toFixed(0)} ms`);
  const index = of("indexMs");
  console.log(
    `\n  ${made.title}, ${(made.bytes / 1e9).toFixed(2)} GB, ${of("rows").toLocaleString("en")} rows; medians`,
  );
  for (const [what, value] of /** @type {[string, string][]} */ ([
    ["first screen", ms(of("firstScreenMs"))],
    ["full index", ms(index)],
    ["filter over all rows", ms(of("filterMs"))],
    ["next error", `${of("nextErrorMs").toFixed(1)} ms`],
    ["last page", ms(of("jumpMs"))],
    ["text search over all bytes", ms(of("textMs"))],
    ["statistics, logins, findings", ms(of("statisticsMs"))],
    ["peak memory until indexed", `${of("peakMiB").toFixed(0)} MiB`],
    ["peak memory with all of the above", `${of("peakAllMiB").toFixed(0)} MiB`],
    ["wc -l", ms(median(theirs.wc))],
    ["ripgrep -c", ms(rg)],
    ["lnav", ms(lnav)],
  ]))
    console.log(`  ${what.padEnd(36)} ${value.padStart(14)}`);
  const ratio = (/** @type {number | null} */ other) => (other === null ? null : Number((index / other).toFixed(3)));
  console.log("");
  console.log(
    JSON.stringify({
      bench: "trace",
      bytes: made.bytes,
      firstScreenMs: Math.round(of("firstScreenMs")),
      indexMs: Math.round(index),
      ratioVsRg: ratio(rg),
      ratioVsLnav: ratio(lnav),
      peakMiB: Math.round(of("peakMiB")),
      filterMs: Math.round(of("filterMs")),
    }),
  );
};
