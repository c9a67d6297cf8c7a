import { join } from "node:path";
import { root } from "../setup/places.mjs";
import { run } from "../setup/run.mjs";
import { projects } from "../typecheck.mjs";

/** @typedef {import("./tally.mjs").Tally} Tally */

/** @param {import("../setup/run.mjs").Outcome} outcome @returns {Tally} */
const asTest = ({ code, output }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], output });

/** Biome: lint rules and format. Warnings count, or they would pile up unseen. @returns {Promise<Tally>} */
export const lint = async () => {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "check", "--error-on-warnings", "--max-diagnostics=50", "."];
  return asTest(await run(process.execPath, args, { log: "lint" }));
};

/** @returns {Promise<Tally>} */
export const layering = async () =>
  asTest(await run(process.execPath, [join(root, "build/layers.mjs")], { log: "layers" }));

/** One test a process. @returns {Promise<Tally>} */
export const types = async () => {
  const { code, output } = await run(process.execPath, [join(root, "build/typecheck.mjs")], { log: "typecheck" });
  const failed = code === 0 ? 0 : (/errors in (.*)\./.exec(output)?.[1]?.split(", ").length ?? projects.length);
  return { passed: projects.length - failed, failed, skipped: [], output };
};
