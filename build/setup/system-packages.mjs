import { spawnSync } from "node:child_process";
import { inPath } from "./in-path.mjs";
import { installHelp, packagesFor } from "./install-commands.mjs";
import { missing } from "./packages.mjs";
import { run } from "./run.mjs";
import { Stop } from "./stop.mjs";

/** @typedef {import("./packages.mjs").Need} Need */

/** How apt can be used without asking anybody: as root, with a sudo that wants no password, or not at all. */
const aptPrefix = () => {
  if (!inPath("apt-get")) return null;
  if (process.getuid?.() === 0) return [];
  const sudo = inPath("sudo");
  return sudo && spawnSync(sudo, ["-n", "true"], { stdio: "ignore" }).status === 0 ? [sudo, "-n"] : null;
};

/** @param {string} name @returns {boolean} whether apt knows a package that can be installed under that name */
const aptOffers = (name) => {
  const { stdout } = spawnSync("apt-cache", ["policy", name], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  return /Candidate: (?!\(none\))/.test(stdout ?? "");
};

/** @param {string[]} names @returns {string} the first that apt offers */
const offered = (names) => names.find((name) => name.split(" ").every(aptOffers)) ?? names[0] ?? "";

/**
 * Installs what is missing through apt where that works without a question.
 * @param {Need[]} needs
 * @returns {Promise<{ installed: string[], stillMissing: Need[], log: string | null }>}
 */
export const install = async (needs) => {
  const wanted = missing(needs);
  const prefix = wanted.length > 0 ? aptPrefix() : null;
  if (!prefix) return { installed: [], stillMissing: wanted, log: null };
  const apt = (/** @type {string[]} */ ...args) => {
    const [command = "", ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    return run(command, rest, { log: `apt-${args[0]}`, limitSeconds: 1200 });
  };
  // A machine that has never looked has empty lists; one whose lists are old finds files gone from the archive.
  if (packagesFor(wanted, "apt", offered).some((name) => !aptOffers(name))) await apt("update", "--quiet");
  const go = () => apt("install", "--yes", "--no-install-recommends", ...packagesFor(wanted, "apt", offered));
  let outcome = await go();
  if (outcome.code !== 0) {
    await apt("update", "--quiet");
    outcome = await go();
  }
  const stillMissing = missing(wanted);
  const installed = packagesFor(
    wanted.filter((need) => !stillMissing.includes(need)),
    "apt",
    offered,
  );
  return { installed, stillMissing, log: outcome.code === 0 ? null : outcome.log };
};

/**
 * Makes sure that packages are there which the command cannot do without.
 * @param {Need[]} needs @param {(text: string) => void} note
 * @throws {Stop} with exit code 2 and the commands to type
 */
export const ensurePackages = async (needs, note) => {
  const { installed, stillMissing, log } = await install(needs);
  if (stillMissing.length > 0) {
    const why = log
      ? `apt could not install them (see ${log}).`
      : "They can be installed here only by an administrator.";
    throw new Stop(`Missing on this system:\n${installHelp(stillMissing)}\n\n${why} Then run the command again.`, 2);
  }
  note(installed.length > 0 ? `installed ${installed.join(", ")}` : "there");
};
