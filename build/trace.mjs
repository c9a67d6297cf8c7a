#!/usr/bin/env node
// `npm run trace -- command ...`: sets up what is not set up yet, then runs the command with its PKCS#11 calls recorded.
// What is said goes to standard error, since standard output is the command's.
import { nodeProblem } from "./setup/node-version.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(2);
}
const { setUpForCommand } = await import("./setup/for-command.mjs");

await setUpForCommand({ quiet: true });
// npm changes the working folder to the project's; the command is to run where it was typed.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
process.argv.splice(2, 0, "trace");
await import(new URL("../dist/main/cli.js", import.meta.url).href);
