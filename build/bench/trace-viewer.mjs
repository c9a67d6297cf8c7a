// One run of the trace viewer in a process of its own: node build/bench/trace-viewer.mjs <log> [<log to compare with>]. Prints one line of JSON.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup/places.mjs";

const [log = "", small = log] = process.argv.slice(2);
const { openApp } = await import(pathToFileURL(join(root, "dist/main/app.js")).href);
const dataFolder = mkdtempSync(join(tmpdir(), "tokenglass-bench-"));
const app = await openApp({ dataFolder, shell: "terminal", version: "0", fork: () => Promise.reject() });

/** @param {string} name @param {object} input */
const call = async (name, input) => {
  const reply = await app.dispatch(name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`);
  return reply.value;
};

/** @template T @param {() => Promise<T>} action @returns {Promise<{ value: T, ms: number }>} */
const timed = async (action) => {
  const before = performance.now();
  const value = await action();
  return { value, ms: performance.now() - before };
};

/**
 * Like `timed`, with the longest time in which the process answered nobody else.
 * @template T @param {() => Promise<T>} action @returns {Promise<{ value: T, ms: number, silentMs: number }>}
 */
const listening = async (action) => {
  let silentMs = 0;
  let last = performance.now();
  const heard = () => {
    silentMs = Math.max(silentMs, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(heard, 1);
  const outcome = await timed(action);
  heard();
  clearInterval(timer);
  return { ...outcome, silentMs };
};

const begin = performance.now();
const done = new Promise((resolve) =>
  app.onEvent((/** @type {string} */ name, /** @type {{ state: string }} */ data) => {
    if (name === "trace.progress" && data.state !== "indexing") resolve(data);
  }),
);
const first = await timed(() => call("trace.open", { files: [log] }));
const { trace } = first.value;
const progress = await done;
const indexMs = performance.now() - begin;
const peakIndexMiB = process.resourceUsage().maxRSS / 1024;

/** @param {string} filter */
const filtered = (filter) => timed(() => call("trace.rows", { trace, from: 0, count: 100, filter }));
const simple = await filtered("rv!=CKR_OK fn:C_Sign*");
const three = await filtered("is:error OR (dur>1ms tid:1)");
const next = await timed(() => call("trace.next", { trace, row: Math.floor(progress.rows / 2), what: "error" }));
const jump = await timed(() => call("trace.rows", { trace, from: progress.rows - 100, count: 100 }));
const text = await timed(async () => {
  while ((await call("trace.rows", { trace, from: 0, count: 1, filter: "text:Zz-not-there" })).searching)
    await new Promise((resolve) => setTimeout(resolve, 20));
});
const peakSearchMiB = process.resourceUsage().maxRSS / 1024;
const statistics = await listening(() => call("trace.statistics", { trace }));
const logins = await listening(() => call("trace.logins", { trace }));
const other = await call("trace.open", { files: [small] });
const compared = await listening(() => call("trace.compare", { left: trace, right: other.trace, limit: 500 }));
const record = await timed(() => call("trace.call", { trace, row: Math.floor(progress.rows / 2) }));
const folded = await timed(() => call("trace.rows", { trace, from: 0, count: 100, fold: true }));
const lanes = await timed(() => call("trace.timeline", { trace, from: null, to: null, pixels: 1000 }));

console.log(
  JSON.stringify({
    rows: progress.rows,
    errors: progress.errors,
    firstScreenMs: first.ms,
    indexMs,
    peakMiB: peakIndexMiB,
    filterMs: Math.max(simple.ms, three.ms),
    nextErrorMs: next.ms,
    jumpMs: jump.ms,
    textMs: text.ms,
    statisticsMs: statistics.ms,
    loginsMs: logins.ms,
    compareMs: compared.ms,
    silentMs: Math.max(statistics.silentMs, logins.silentMs, compared.silentMs),
    recordMs: record.ms,
    foldMs: folded.ms,
    timelineMs: lanes.ms,
    peakSearchMiB,
    peakAllMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
await app.close();
rmSync(dataFolder, { recursive: true, force: true });
