// `npm run fuzz [-- --minutes N]`: damaged logs for every dialect, ten minutes unless told otherwise. What is read wrongly is kept in
// test/fixtures/fuzz, where the unit tests read it again.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [, , option, value] = process.argv;
const minutes = option === undefined ? 10 : option === "--minutes" ? Number(value) : Number.NaN;
if (!(minutes > 0)) {
  console.error("Usage: npm run fuzz -- [--minutes N]");
  process.exit(2);
}
const root = fileURLToPath(new URL("..", import.meta.url));
const seed = Math.floor(Math.random() * 1_000_000_000);
console.log(`${minutes} minutes from seed ${seed}`);
const { status } = spawnSync(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "test/vitest.config.ts",
    "--project",
    "unit",
    "main/trace/dialects/fuzz.test.ts",
    "--disableConsoleIntercept",
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, TOKENGLASS_FUZZ_MINUTES: String(minutes), TOKENGLASS_FUZZ_SEED: String(seed) },
  },
);
process.exitCode = status ?? 1;
