import { installHelp } from "../setup/install-commands.mjs";
import { missing, testNeeds } from "../setup/packages.mjs";
import { Progress } from "../setup/progress.mjs";
import { setUp } from "../setup/set-up.mjs";
import { Stop } from "../setup/stop.mjs";
import { install } from "../setup/system-packages.mjs";
import { layering, lint, types } from "./checks.mjs";
import { windowTests } from "./playwright.mjs";
import { closingLine, skippedLines, tallyWords } from "./tally.mjs";
import { vitest } from "./vitest.mjs";

/** @typedef {import("./tally.mjs").Tally} Tally */

/** Limits are for machines that hang, not for slow ones: several times of what two cores need. */
const steps = [
  { title: "Lint and format", work: lint },
  { title: "Layering", work: layering },
  { title: "Types, a process at a time", work: types },
  { title: "Unit tests", work: () => vitest("unit", 300) },
  { title: "Module tests (real PKCS#11 modules)", work: () => vitest("modules", 900) },
];

/** @param {Progress} progress @returns {Promise<string>} what is missing all the same, for the end of the run */
const testPackages = async (progress) => {
  if (missing(testNeeds).length === 0) return "";
  const left = await progress.step("Packages for the tests", async (note) => {
    const { installed, stillMissing } = await install(testNeeds);
    const parts = [
      installed.length > 0 ? `installed ${installed.join(", ")}` : null,
      stillMissing.length > 0 ? `${stillMissing.length} missing` : null,
    ];
    note(parts.filter(Boolean).join("; "));
    return stillMissing;
  });
  return left.length > 0
    ? `Not installed on this system, so that some tests may be skipped:\n${installHelp(left)}`
    : "";
};

/** @param {Progress} progress */
const runSteps = async (progress) => {
  /** @type {Tally[]} */
  const tallies = [];
  const take = async (/** @type {string} */ title, /** @type {() => Promise<Tally>} */ work) => {
    const tally = await progress.step(title, async (note) => {
      const result = await work();
      note(tallyWords(result));
      return result;
    });
    tallies.push(tally);
    if (tally.failed > 0) progress.line(`\n${tally.output.trim()}\n`);
    return tally;
  };
  for (const { title, work } of steps) await take(title, work);
  /** @type {string[]} */
  let shells = [];
  await take("End-to-end tests (the real window)", async () => {
    const result = await windowTests(900);
    shells = result.shells;
    return result;
  });
  return { tallies, shells };
};

/** @returns {Promise<number>} the exit code of `npm test` */
export const runTests = async () => {
  const progress = new Progress();
  try {
    await setUp(progress);
    const lacking = await testPackages(progress);
    const { tallies, shells } = await runSteps(progress);
    const skipped = tallies.flatMap((tally) => tally.skipped);
    if (lacking) progress.line(`\n${lacking}`);
    progress.line("\nShells driven:");
    for (const shell of shells) progress.line(`  ${shell}`);
    if (skipped.length > 0) progress.line(["\nSkipped:", ...skippedLines(skipped)].join("\n"));
    progress.line(`\nAll in ${progress.seconds.toFixed(0)} s.`);
    progress.line(closingLine(tallies));
    return tallies.some(({ failed }) => failed > 0) ? 1 : 0;
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    progress.line(`\n${thrown.message}`);
    return thrown.exitCode;
  }
};
