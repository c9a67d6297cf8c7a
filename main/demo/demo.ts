import { openApp } from "../app.ts";
import { forkWithNode } from "../host/process.ts";
import { dataFolder, hostEntry, version } from "../places.ts";
import { type Ask, asking } from "./asking.ts";
import { type Address, deleteObjects, mainJob, prepareToken } from "./main-job.ts";
import { removeToken } from "./remove-token.ts";
import { describeError, Report } from "./report.ts";

/**
 * Entry of the terminal's main job: the requests that the window makes, on a token of its own in the embedded store,
 * which is gone afterwards. Exit code 0, or 1 with the error in words.
 */
const started = performance.now();
const report = new Report((text) => process.stdout.write(text));
const problems: unknown[] = [];

const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
  try {
    return await work();
  } catch (thrown) {
    problems.push(thrown);
    for (const line of describeError(thrown)) report.line(`    ${line}`);
    return null;
  }
};

const folder = dataFolder();
report.line(`\nTokenglass ${version}: the main job on a new token of the embedded SoftHSM (${folder})\n`);
const app = await attempt(() =>
  openApp({ dataFolder: folder, shell: "terminal", fork: forkWithNode(hostEntry), version }),
);
if (!app) process.exit(1);
const ask = asking(app.dispatch);
let made: Address | null = null;

/** Whatever happened before: no object, no token and no process is left behind. */
const cleanUp = async (): Promise<void> => {
  const address = made;
  made = null;
  const { modules } = await ask("modules.list", {});
  if (address) {
    await attempt(() =>
      report.step("Clean up: delete every object", async (note) => {
        const { rows } = await ask("objects.list", address);
        const count = await deleteObjects(ask, address, rows);
        const { rows: left } = await ask("objects.list", address);
        if (left.length > 0) throw new Error(`${left.length} objects are still on the token.`);
        note(`${count} deleted, none left`);
      }),
    );
  }
  await app.close();
  const environment = modules.find(({ id }) => id === address?.module)?.environment;
  if (address && environment)
    await attempt(() =>
      report.step("Clean up: remove the token", () => removeToken(environment, address.token.serial)),
    );
};

/** Ctrl-C ends the job where it is; what it made is cleaned up like after any other end. */
let interrupted = false;
const interruption = new Promise<void>((resolve) => {
  process.once("SIGINT", () => {
    interrupted = true;
    report.line("\n  Interrupted.");
    resolve();
  });
});
const never = new Promise<never>(() => {});
const job = attempt(async () => {
  const askUntilInterrupted: Ask = (name, input) => (interrupted ? never : ask(name, input));
  const address = await prepareToken(askUntilInterrupted, report, (token) => {
    made = token;
  });
  await mainJob(askUntilInterrupted, report, address);
});
await Promise.race([job, interruption]);
await cleanUp();

const seconds = ((performance.now() - started) / 1000).toFixed(1);
const done = report.steps.filter(({ outcome }) => outcome !== "FAILED").length;
report.line(
  interrupted
    ? `\nInterrupted after ${seconds} s; ${problems.length === 0 ? "nothing left behind" : "see above"}.`
    : problems.length === 0
      ? `\nAll ${done} steps done in ${seconds} s: token initialised, keys, certificate and data written, read, renamed, deleted; nothing left behind.`
      : `\nFAILED after ${seconds} s: ${done} steps done, ${problems.length} failed (see above).`,
);
process.exit(interrupted ? 130 : problems.length === 0 ? 0 : 1);
