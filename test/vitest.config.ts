import { defineConfig } from "vitest/config";

/** Unit tests sit beside the code; tests against real modules are in test/modules and need dist/ (build/bundle.mjs). */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{main,preload,renderer,build}/**/*.test.{ts,tsx}"],
          environment: "node",
        },
      },
      {
        test: {
          name: "modules",
          include: ["test/{modules,setup}/**/*.test.ts"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
