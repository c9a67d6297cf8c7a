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
const { setUpForCommand } = await import("./setup/for-command.mjs");
const { fileURLToPath, pathToFileURL } = await import("node:url");
const entry = fileURLToPath(new URL("../dist/main/cli.js", import.meta.url));

if (!existsSync(entry)) await setUpForCommand();
// In this process, so that further descriptors (--pin-fd), signals and the terminal are the caller's own.
await import(pathToFileURL(entry).href);
