import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";
import { availableShells, type ShellName } from "./harness/shells.ts";

/**
 * End-to-end specs: the real window with a real SoftHSM. They run once for every shell that is there; build/bundle.mjs
 * must have made dist/. Needs a display (Xvfb will do); without one, the set-up starts an Xvfb.
 */
export default defineConfig<{ shell: ShellName }>({
  testDir: ".",
  testMatch: "*.spec.ts",
  globalSetup: "./harness/display.ts",
  outputDir: "../../test-results/window",
  // Every window has its own browser, data folder and modules. More than two only take the processors from each other.
  workers: Math.min(2, availableParallelism()),
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "../../test-results/window.json" }]],
  projects: availableShells().map((shell) => ({ name: shell, use: { shell } })),
});
