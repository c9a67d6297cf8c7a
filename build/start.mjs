#!/usr/bin/env node
// `npm start`: sets up what is not set up yet, then opens the window; without a display, the main job in the terminal.
import { nodeProblem } from "./setup/node-version.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(2);
}
// Loaded only now: an older Node would fail on what these files use, with a text that helps nobody.
const { start } = await import("./setup/start.mjs");
process.exitCode = await start();
