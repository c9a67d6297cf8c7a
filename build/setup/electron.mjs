import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.mjs";
import { run } from "./run.mjs";
import { changeState, readState } from "./state.mjs";

const folder = join(root, "node_modules/electron");
/** How long a network is given to answer, and how long a refusal is remembered. */
const probeSeconds = 5;
const rememberHours = 24;

/** @returns {string | null} the path of Electron's binary, if it was fetched before */
export const electronBinary = () => {
  try {
    const path = join(folder, "dist", readFileSync(join(folder, "path.txt"), "utf8"));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
};

/** @returns {string | null} why the binary does not run here: a system library that is missing, as a rule */
const startProblem = (/** @type {string} */ binary) => {
  const { status, stderr, error } = spawnSync(binary, ["--version"], { encoding: "utf8", timeout: 15_000 });
  if (status === 0) return sandboxProblem();
  return `its binary does not start: ${(stderr || String(error?.message ?? "")).trim().split("\n")[0]}`;
};

/**
 * Ubuntu 23.10 and later give unprivileged programs no user namespaces, which Chromium's sandbox is made of, unless an
 * AppArmor profile allows it; a binary in node_modules has none. The sandbox is not given up for that.
 */
const sandboxProblem = () => {
  const switchFile = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
  const restricted = existsSync(switchFile) && readFileSync(switchFile, "utf8").trim() === "1";
  return restricted && process.getuid?.() !== 0
    ? "this system gives its sandbox no user namespaces (kernel.apparmor_restrict_unprivileged_userns)"
    : null;
};

const downloadPlace = () =>
  process.env.ELECTRON_MIRROR ??
  process.env.npm_config_electron_mirror ??
  "https://github.com/electron/electron/releases/";

/** @returns {Promise<string | null>} why nothing can be fetched, or null. Never takes longer than the probe's limit. */
const networkProblem = async () => {
  // Behind a proxy only the download itself can tell.
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy) return null;
  const { host } = new URL(downloadPlace());
  try {
    await fetch(downloadPlace(), { method: "HEAD", signal: AbortSignal.timeout(probeSeconds * 1000) });
    return null;
  } catch (thrown) {
    const cause = /** @type {{ cause?: { code?: string }, name?: string }} */ (thrown);
    return `${host} cannot be reached (${cause.cause?.code ?? (cause.name === "TimeoutError" ? `no answer in ${probeSeconds} s` : "refused")})`;
  }
};

/** Whether an earlier try failed so short a time ago that another is not worth the wait. */
const remembered = (now = Date.now()) => {
  const blocked = readState().electronBlocked;
  return blocked && now - blocked.at < rememberHours * 3_600_000 ? blocked : null;
};

/** Whether findElectron has its answer already, without a look at the network. */
export const electronIsDecided = () => electronBinary() !== null || Boolean(remembered());

/** @param {string} why */
const remember = (why) => {
  changeState((state) => ({ ...state, electronBlocked: { at: Date.now(), why } }));
  return why;
};

/**
 * Gets Electron's binary if it can be had. @returns {Promise<{ binary: string } | { why: string }>}
 * @param {{ again?: boolean }} [options] `again`: try although a refusal is remembered
 */
export const findElectron = async ({ again = false } = {}) => {
  const there = electronBinary();
  if (there) {
    const why = startProblem(there);
    return why ? { why } : { binary: there };
  }
  const earlier = again ? null : remembered();
  if (earlier) return { why: `${earlier.why}; tried ${ago(earlier.at)}, tried again after ${rememberHours} h` };
  const blocked = await networkProblem();
  if (blocked) return { why: remember(blocked) };
  const env = { ELECTRON_GET_USE_PROXY: "1" };
  const outcome = await run(process.execPath, [join(folder, "install.js")], {
    log: "electron",
    env,
    limitSeconds: 600,
  });
  const binary = electronBinary();
  if (outcome.code !== 0 || !binary) return { why: remember(`its download failed (see ${outcome.log})`) };
  const why = startProblem(binary);
  return why ? { why } : { binary };
};

/**
 * Whether the Electron shell can be counted on, told before anything is installed: its binary is there, or can be
 * fetched. Takes at most the probe's limit, and nothing while a refusal is remembered.
 */
export const canHaveElectron = async () => {
  if (electronBinary()) return true;
  if (remembered()) return false;
  const blocked = await networkProblem();
  if (blocked) remember(blocked);
  return !blocked;
};

/** @param {number} at */
const ago = (at, now = Date.now()) => {
  const minutes = Math.round((now - at) / 60_000);
  return minutes < 1 ? "just now" : minutes < 90 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
};
