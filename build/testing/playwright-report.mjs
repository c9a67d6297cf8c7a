/**
 * Reads Playwright's JSON report.
 * @typedef {{ type: string, description?: string }} Annotation
 * @typedef {{ projectName: string, status: "expected" | "unexpected" | "flaky" | "skipped", annotations: Annotation[] }} Test
 * @typedef {{ title: string, tests: Test[] }} Spec
 * @typedef {{ title: string, specs?: Spec[], suites?: Suite[] }} Suite
 * @typedef {{ suites: Suite[], errors?: { message?: string }[] }} PlaywrightReport
 */

/** @param {Suite} suite @param {string[]} above @returns {{ name: string, test: Test }[]} */
const testsOf = (suite, above = []) => {
  const titles = [...above, suite.title];
  const here = (suite.specs ?? []).flatMap(({ title, tests }) =>
    tests.map((test) => ({ name: `${test.projectName}: ${[...titles, title].filter(Boolean).join(" > ")}`, test })),
  );
  return [...here, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, titles))];
};

/**
 * @param {PlaywrightReport} report
 * @returns {{ passed: number, failed: number, skipped: import("./tally.mjs").Skipped[], driven: string[] }} `driven`: the
 *   shells in which at least one test really ran
 */
export const readReport = (report) => {
  const tests = report.suites.flatMap((suite) => testsOf(suite));
  const is = (/** @type {string[]} */ ...states) => tests.filter(({ test }) => states.includes(test.status));
  const reasonOf = (/** @type {Test} */ { annotations }) =>
    annotations.find(({ type, description }) => ["skip", "fixme"].includes(type) && description)?.description;
  return {
    // A test that passes at a second try only is not a passed one.
    passed: is("expected").length,
    failed: is("unexpected", "flaky").length + (report.errors ?? []).length,
    skipped: is("skipped").map(({ name, test }) => ({ name, reason: reasonOf(test) ?? "no reason given" })),
    driven: [...new Set(is("expected", "unexpected", "flaky").map(({ test }) => test.projectName))],
  };
};
