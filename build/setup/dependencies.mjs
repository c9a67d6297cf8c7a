import { existsSync, lstatSync, readFileSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { inPath } from "./in-path.mjs";
import { treeProblem } from "./lock-files.mjs";
import { root } from "./places.mjs";
import { run } from "./run.mjs";
import { Stop } from "./stop.mjs";

/** @param {string} path @returns {any} an empty object if there is none */
const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8"));
  } catch {
    return {};
  }
};

/** @returns {string | null} why `npm ci` is needed */
export const dependenciesProblem = () =>
  treeProblem(readJson("package-lock.json"), readJson("node_modules/.package-lock.json"), (path) =>
    existsSync(join(root, path, "package.json")),
  );

/** The npm that runs this command, or the one in PATH. @returns {[string, ...string[]]} */
const npmCommand = () => {
  const running = process.env.npm_execpath;
  if (running?.endsWith("npm-cli.js") && existsSync(running)) return [process.execPath, running];
  const beside = join(dirname(process.execPath), "node_modules/npm/bin/npm-cli.js");
  if (process.platform === "win32" && existsSync(beside)) return [process.execPath, beside];
  const found = inPath("npm");
  if (!found) throw new Stop("npm was not found. It comes with Node; on Debian and Ubuntu: apt-get install npm", 2);
  return [found];
};

/** Compiling against the headers that came with Node itself needs no download of them. */
const nodeHeaders = () => {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include/node/node.h")) ? { npm_config_nodedir: prefix } : {};
};

/** @param {string} log @param {string[]} args @param {string} failed */
const npm = async (log, args, failed) => {
  const [command, ...first] = npmCommand();
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const outcome = await run(command, [...first, ...args, ...quiet], { log, env: nodeHeaders() });
  if (outcome.code !== 0) throw new Stop(`${failed}\n\n${outcome.output.trim()}\n\nThe whole log: ${outcome.log}`, 1);
};

/**
 * Installs exactly what the lock file names. No package's script is run: what has to be compiled is named below.
 * @returns {Promise<number>} how many packages there are
 */
export const installDependencies = async () => {
  // A link leads to another copy's packages: npm would empty that folder, and fill one of its own.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink())
    unlinkSync(join(root, "node_modules"));
  await npm("npm-ci", ["ci", "--ignore-scripts", "--include=dev"], "`npm ci` failed; nothing else was started.");
  const problem = dependenciesProblem();
  if (problem) throw new Stop(`\`npm ci\` ended without an error, but ${problem}.`, 1);
  return Object.keys(readJson("node_modules/.package-lock.json").packages ?? {}).length;
};

export const binding = "node_modules/pkcs11js/build/Release/pkcs11.node";

/** Compiles the one native dependency, the PKCS#11 binding, and loads it once in a process of its own. */
export const compileBinding = async () => {
  // pkcs11js has no scripts of its own; npm compiles it because it has a binding.gyp.
  await npm(
    "pkcs11js",
    ["rebuild", "pkcs11js", "--ignore-scripts=false"],
    "The PKCS#11 binding could not be compiled.",
  );
  const check = await run(process.execPath, ["-e", "require('pkcs11js')"], { log: "pkcs11js-load", limitSeconds: 30 });
  if (check.code !== 0) throw new Stop(`The compiled PKCS#11 binding does not load:\n\n${check.output.trim()}`, 1);
};
