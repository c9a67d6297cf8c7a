import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { testNeeds } from "../setup/packages.mjs";
import { Progress } from "../setup/progress.mjs";
import { setUp } from "../setup/set-up.mjs";
import { ensureDisplay } from "./display.mjs";
import { median, rounded } from "./statistics.mjs";
import { makeStore, memoryFolder, softHsm, tokenLabel } from "./stores.mjs";

/** p11tool is quadratic, so it is measured at the smaller size only, and seldom. */
const sizes = [
  { count: 1000, runs: 7, p11toolRuns: 2 },
  { count: 5000, runs: 7, p11toolRuns: 0 },
];

const needed = /Xvfb|Chromium|fonts|OpenSC|p11tool|openssl/;

/**
 * Lists certificates of a SoftHSM token in the app's window, with pkcs11-tool and with p11tool, in turns.
 * @returns {Promise<number>} exit code
 */
export const bench = async () => {
  const progress = new Progress();
  await setUp(progress, { needs: testNeeds.filter(({ title }) => needed.test(title)) });
  const folder = mkdtempSync(join(memoryFolder(), "tokenglass-bench-"));
  const endDisplay = await ensureDisplay();
  try {
    const library = softHsm();
    const results = [];
    for (const size of sizes) results.push(await measure(progress, folder, library, size));
    print(results);
    return 0;
  } finally {
    endDisplay();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

const spyLibrary = () => {
  const machine = { x64: "x86_64", arm64: "aarch64" }[/** @type {string} */ (process.arch)] ?? process.arch;
  const folders = [`/usr/lib/${machine}-linux-gnu`, "/usr/lib64", "/usr/lib64/pkcs11", "/usr/lib", "/usr/local/lib"];
  const path = folders.map((each) => join(each, "pkcs11-spy.so")).find(existsSync);
  if (!path) throw new Error("There is no pkcs11-spy.so; it comes with OpenSC.");
  return path;
};

/**
 * @param {Progress} progress @param {string} folder @param {string} library
 * @param {{ count: number, runs: number, p11toolRuns: number }} size
 */
const measure = async (progress, folder, library, { count, runs, p11toolRuns }) => {
  const { callsPerObject } = await import("./count-calls.mjs");
  const { openWindow } = await import("./window.mjs");
  const name = count.toLocaleString("en");
  const store = await progress.step(`Token with ${name} certificates`, () => makeStore(folder, library, count));
  const calls = await progress.step(`Calls an object, ${name}`, () => callsPerObject(store, library, spyLibrary()));
  /** @type {Record<"app" | "pkcs11Tool" | "p11tool", number[]>} */
  const times = { app: [], pkcs11Tool: [], p11tool: [] };
  const window = await openWindow(store);
  try {
    await progress.step(`${runs} listings in turns, ${name}`, async () => {
      for (let run = 0; run < runs; run++) {
        times.app.push(await window.list());
        times.pkcs11Tool.push(
          timed(
            "pkcs11-tool",
            ["--module", library, "--token-label", tokenLabel, "-O"],
            store.conf,
            count,
            /^Certificate Object/gm,
          ),
        );
        if (run < p11toolRuns)
          times.p11tool.push(
            timed(
              "p11tool",
              ["--provider", library, "--list-all", `pkcs11:token=${tokenLabel}`],
              store.conf,
              count,
              /^Object \d+:/gm,
            ),
          );
      }
    });
  } finally {
    await window.close();
  }
  return { count, calls, times };
};

/**
 * Milliseconds that a program takes, from its start to its end; it must have listed everything.
 * @param {string} program @param {string[]} args @param {string} conf @param {number} count @param {RegExp} line
 */
const timed = (program, args, conf, count, line) => {
  const start = performance.now();
  const { stdout, status } = spawnSync(program, args, {
    env: { ...process.env, SOFTHSM2_CONF: conf },
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const milliseconds = performance.now() - start;
  const listed = stdout.match(line)?.length ?? 0;
  if (status !== 0 || listed !== count)
    throw new Error(`${program} listed ${listed} of ${count} (exit code ${status})`);
  return milliseconds;
};

/** @param {{ count: number, calls: number, times: Record<"app" | "pkcs11Tool" | "p11tool", number[]> }[]} results */
const print = (results) => {
  console.log("\n  objects  calls/object  window, click to last row  pkcs11-tool -O  p11tool --list-all   (medians)");
  const seconds = (/** @type {number[]} */ values) =>
    values.length > 0 ? `${(median(values) / 1000).toFixed(2)} s` : "-";
  for (const { count, calls, times } of results)
    console.log(
      [
        count.toLocaleString("en").padStart(9),
        calls.toFixed(3).padStart(13),
        seconds(times.app).padStart(25),
        seconds(times.pkcs11Tool).padStart(15),
        seconds(times.p11tool).padStart(19),
      ].join(" "),
    );
  console.log("");
  const ratio = (/** @type {number[]} */ ours, /** @type {number[]} */ theirs) =>
    theirs.length > 0 ? rounded(median(ours) / median(theirs)) : null;
  console.log(
    JSON.stringify(
      results.map(({ count, calls, times }) => ({
        bench: "list",
        objects: count,
        callsPerObject: rounded(calls),
        ratioVsPkcs11Tool: ratio(times.app, times.pkcs11Tool),
        ratioVsP11tool: ratio(times.app, times.p11tool),
        windowMilliseconds: Math.round(median(times.app)),
        pkcs11ToolMilliseconds: Math.round(median(times.pkcs11Tool)),
      })),
    ),
  );
};
