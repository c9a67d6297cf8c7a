import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, setupFolder } from "../setup/places.mjs";
import { run } from "../setup/run.mjs";

/**
 * Runs one project of test/vitest.config.ts.
 * @param {"unit" | "modules"} project @param {number} limitSeconds
 * @returns {Promise<import("./tally.mjs").Tally>} a run that came to no result is one failed test
 */
export const vitest = async (project, limitSeconds) => {
  const file = join(setupFolder, `tally-${project}.json`);
  rmSync(file, { force: true });
  const reporters = ["--reporter=default", `--reporter=${join(root, "build/testing/vitest-reporter.mjs")}`];
  const args = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--config", join(root, "test/vitest.config.ts")];
  const { code, output } = await run(process.execPath, [...args, "--project", project, ...reporters], {
    log: `test-${project}`,
    env: { TOKENGLASS_TALLY: file },
    limitSeconds,
  });
  try {
    const { passed, failed, skipped } = JSON.parse(readFileSync(file, "utf8"));
    return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped, output };
  } catch {
    return { passed: 0, failed: 1, skipped: [], output };
  }
};
