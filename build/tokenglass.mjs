#!/usr/bin/env node
// `npx tokenglass`: the command line. Sets up first if that was not done; what it says then goes to standard error,
// since standard output is the reply.
import { existsSync } from "node:fs";
import { nodeProblem } from "./setup/node-version.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(2);
}
const { Progress } = await import("./setup/progress.mjs");
const { setUp } = await import("./setup/set-up.mjs");
const { Stop } = await import("./setup/stop.mjs");
const { fileURLToPath, pathToFileURL } = await import("node:url");
const entry = fileURLToPath(new URL("../dist/main/cli.js", import.meta.url));

if (!existsSync(entry)) {
  try {
    await setUp(new Progress(process.stderr));
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    console.error(thrown.message);
    process.exit(thrown.exitCode);
  }
}
// In this process, so that further descriptors (--pin-fd), signals and the terminal are the caller's own.
await import(pathToFileURL(entry).href);
