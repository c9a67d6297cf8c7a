import { existsSync } from "node:fs";
import { join } from "node:path";
import { binding, compileBinding, dependenciesProblem, installDependencies } from "./dependencies.mjs";
import { hashOf } from "./hash.mjs";
import { withLock } from "./lock.mjs";
import { compiler, softhsm } from "./packages.mjs";
import { root } from "./places.mjs";
import { run } from "./run.mjs";
import { changeState, readState, stamped } from "./state.mjs";
import { Stop } from "./stop.mjs";
import { ensurePackages } from "./system-packages.mjs";

/** @typedef {import("./progress.mjs").Progress} Progress */

/** @param {string} path */
const present = (path) => existsSync(join(root, path));
const machine = () => [process.platform, process.arch, process.versions.modules];

/** Another Node, machine or version of the binding means compiling it again. */
const bindingStamp = () => hashOf(["node_modules/pkcs11js/package.json"], { words: machine() });
const nativeStamp = () => hashOf(["native", "build/native.mjs", "build/native"], { words: machine() });
/** Tests are no part of the bundles; the lock file stands for what is bundled from node_modules. */
const bundleStamp = () =>
  hashOf(
    ["main", "preload", "renderer", "build/icons/icon.svg", "build/bundle.mjs", "package-lock.json", "package.json"],
    {
      except: /\.test\.tsx?$/,
    },
  );

/** @param {string} script in build/ @param {string} failed */
const runScript = async (script, failed) => {
  const outcome = await run(process.execPath, [join(root, "build", script)], { log: script.replace(".mjs", "") });
  if (outcome.code !== 0) throw new Stop(`${failed}\n\n${outcome.output.trim()}`, 1);
};

const bundleProducts = [
  "dist/main/host.js",
  "dist/main/demo.js",
  "dist/preload/browser.js",
  "dist/renderer/index.html",
];

/** What of the native parts the app itself needs; the rest are modules for tests. */
const nativeProduct = "dist/native/pin-pad.node";
const nativeIsDone = () =>
  process.platform === "win32" || (present(nativeProduct) && readState().stamps?.native === nativeStamp());
const bindingIsDone = () => present(binding) && readState().stamps?.binding === bindingStamp();

/** Whether everything is done already, told without changing anything: a fraction of a second. */
const isSetUp = () => {
  const { stamps = {} } = readState();
  return (
    softhsm.present() &&
    dependenciesProblem() === null &&
    bindingIsDone() &&
    nativeIsDone() &&
    stamps.bundles === bundleStamp() &&
    bundleProducts.every(present)
  );
};

/**
 * Does what is not done yet: system packages, dependencies, the compiled binding, native parts, bundles.
 * @param {Progress} progress @param {{ needs?: import("./packages.mjs").Need[], quiet?: boolean }} [options] further
 *   packages without which the command cannot go on; whether nothing is said when nothing was to do
 * @throws {Stop} if something cannot be had or fails
 */
export const setUp = async (progress, { needs = [], quiet = false } = {}) => {
  if (isSetUp() && needs.every((need) => need.present())) {
    if (quiet) return;
    const { firstSeconds } = readState();
    const first = firstSeconds ? `; the first run took ${firstSeconds.toFixed(1)} s` : "";
    progress.line(`Set-up: nothing to do (${progress.seconds.toFixed(2)} s${first}).`);
    return;
  }
  await withLock(
    (text) => progress.line(text),
    () => steps(progress, needs),
  );
  const { firstSeconds } = readState();
  if (firstSeconds === undefined) changeState((state) => ({ ...state, firstSeconds: progress.seconds }));
  const which = firstSeconds === undefined ? "first run" : `again; the first run took ${firstSeconds.toFixed(1)} s`;
  progress.line(`Set-up finished in ${progress.seconds.toFixed(1)} s (${which}).`);
};

/** @param {Progress} progress @param {import("./packages.mjs").Need[]} needs */
const steps = async (progress, needs) => {
  progress.line(`Setting up Tokenglass in ${root} (Node ${process.versions.node})`);
  const problem = dependenciesProblem();
  const uncompiled = problem !== null || !bindingIsDone() || !nativeIsDone();
  await progress.step("System packages", (note) =>
    ensurePackages([softhsm, ...(uncompiled ? [compiler] : []), ...needs], note),
  );
  await progress.step("Dependencies from the lock file", async (note) => {
    note(problem ? `${await installDependencies()} packages` : "there");
  });
  await progress.step("PKCS#11 binding (pkcs11js)", async (note) => {
    note((await stamped("binding", bindingStamp(), present(binding), compileBinding)) ? "compiled" : "there");
  });
  await progress.step("Native parts", async (note) => {
    const work = () => runScript("native.mjs", "The native parts could not be compiled.");
    // They are written for the compilers of Linux and macOS; without them PIN pads do not work.
    if (process.platform === "win32") note("not for Windows");
    else note((await stamped("native", nativeStamp(), present(nativeProduct), work)) ? "compiled" : "there");
  });
  await progress.step("Bundles", async (note) => {
    const work = () => runScript("bundle.mjs", "The app could not be bundled.");
    note((await stamped("bundles", bundleStamp(), bundleProducts.every(present), work)) ? "built" : "there");
  });
};
