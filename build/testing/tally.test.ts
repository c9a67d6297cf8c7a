import { expect, test } from "vitest";
import { readReport } from "./playwright-report.mjs";
import { closingLine, skippedLines, tallyWords } from "./tally.mjs";

const tally = { passed: 3, failed: 0, skipped: [{ name: "a", reason: "no swtpm" }], output: "" };

test("the closing line adds up all runners", () => {
  expect(closingLine([tally, { passed: 1, failed: 2, skipped: [], output: "" }])).toBe("4 passed, 2 failed, 1 skipped");
});

test("a progress line names failures first", () => {
  expect(tallyWords(tally)).toBe("3 tests, 1 skipped");
  expect(tallyWords({ passed: 1, failed: 2, skipped: [], output: "" })).toBe("2 FAILED, 1 test");
});

test("skipped tests are listed under their reason", () => {
  const skipped = [...tally.skipped, { name: "b", reason: "no Electron" }, { name: "c", reason: "no swtpm" }];
  expect(skippedLines(skipped)).toEqual(["  no swtpm:", "    - a", "    - c", "  no Electron:", "    - b"]);
});

const spec = (status: "expected" | "unexpected" | "flaky" | "skipped", projectName: string, description?: string) => ({
  title: status,
  tests: [{ projectName, status, annotations: description ? [{ type: "skip", description }] : [] }],
});

test("a shell counts as driven only if a test really ran in it, and a flaky test is a failed one", () => {
  const suites = [
    {
      title: "tokens.spec.ts",
      specs: [spec("expected", "browser"), spec("flaky", "browser")],
      suites: [{ title: "login", specs: [spec("skipped", "electron", "needs a reader"), spec("skipped", "electron")] }],
    },
  ];
  expect(readReport({ suites })).toEqual({
    passed: 1,
    failed: 1,
    skipped: [
      { name: "electron: tokens.spec.ts > login > skipped", reason: "needs a reader" },
      { name: "electron: tokens.spec.ts > login > skipped", reason: "no reason given" },
    ],
    driven: ["browser"],
  });
});

test("an error outside of the tests, such as a spec that cannot be loaded, is a failure", () => {
  expect(readReport({ suites: [], errors: [{ message: "cannot load" }] }).failed).toBe(1);
});
