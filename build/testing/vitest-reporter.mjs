import { writeFileSync } from "node:fs";

/** @param {import("vitest/node").TestCase} test @returns {string | undefined} why it cannot run where it is skipped */
const needs = (test) => {
  const { needs: reason } = /** @type {{ needs?: string }} */ (test.meta());
  return reason;
};

/**
 * Writes what a Vitest run came to as a Tally, with the reasons given to `context.skip(reason)` or as `meta.needs` of a
 * test or describe, which Vitest's own JSON leaves out. The file is named by TOKENGLASS_TALLY.
 */
export default class TallyReporter {
  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<unknown>} errors outside of tests: a promise that was rejected and that nobody waited for
   */
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const results = tests.map((test) => ({ test, result: test.result() }));
    const count = (/** @type {string} */ state) => results.filter(({ result }) => result.state === state).length;
    // A file that cannot be loaded has no tests to fail.
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    const skipped = results
      .filter(({ result }) => result.state === "skipped")
      .map(({ test, result }) => ({
        name: test.fullName,
        reason: ("note" in result && result.note) || needs(test) || "no reason given",
      }));
    const tally = { passed: count("passed"), failed: count("failed") + brokenFiles + errors.length, skipped };
    const file = process.env.TOKENGLASS_TALLY;
    if (file) writeFileSync(file, JSON.stringify(tally));
  }
}
