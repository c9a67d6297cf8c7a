// Type checks every process on its own, side by side: each sees only the types of its own world.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./setup/places.mjs";

export const projects = ["main", "preload", "renderer", "test", "build"];

/** @param {string} project @returns {Promise<{ project: string, code: number, output: string }>} */
const check = (project) =>
  new Promise((resolve) => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const child = spawn(process.execPath, [tsc, "-p", join(root, project), "--pretty", "false"], { cwd: root });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => resolve({ project, code: code ?? 1, output }));
  });

export const typecheck = () => Promise.all(projects.map(check));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await typecheck();
  for (const { output } of results) process.stdout.write(output);
  const failed = results.filter(({ code }) => code !== 0).map(({ project }) => project);
  console.log(
    failed.length === 0 ? `Types: ${projects.join(", ")} are right.` : `Types: errors in ${failed.join(", ")}.`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}
