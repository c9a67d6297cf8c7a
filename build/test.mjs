// `npm test`: sets up what is not set up yet, then lint, types, unit, module and end-to-end tests. The last line is the sum.
import { nodeProblem } from "./setup/node-version.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(2);
}
const { runTests } = await import("./testing/run-tests.mjs");
process.exitCode = await runTests();
