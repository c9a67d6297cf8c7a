import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { sharesLock } from "./lock.mjs";
import { root, setupFolder } from "./places.mjs";

/**
 * @typedef {{ code: number, output: string, log: string, timedOut: boolean }} Outcome
 * @typedef {{ log: string, env?: NodeJS.ProcessEnv, limitSeconds?: number }} RunOptions `log`: name of the log file
 */

const endings = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** What is kept of a program's output in memory; the log file has all of it. */
const keptCharacters = 200_000;

/**
 * Runs a program with its output kept in a log instead of on the screen. A program that is over its time is ended
 * with everything it started.
 * @param {string} command @param {string[]} args @param {RunOptions} options
 * @returns {Promise<Outcome>} never rejects: a program that cannot be started has code 127
 */
export const run = (command, args, { log, env = {}, limitSeconds = 1800 }) =>
  new Promise((resolve) => {
    mkdirSync(setupFolder, { recursive: true });
    const path = join(setupFolder, `${log}.log`);
    const file = createWriteStream(path);
    let output = "";
    let timedOut = false;
    const take = (/** @type {string} */ chunk) => {
      // Some tools colour their output whatever NO_COLOR says.
      const text = stripVTControlCharacters(chunk);
      output = (output + text).slice(-keptCharacters);
      file.write(text);
    };
    const grouped = process.platform !== "win32";
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: grouped,
    });
    sharesLock(child.pid);
    const end = () => {
      try {
        if (grouped && child.pid) process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {}
    };
    const timer = setTimeout(() => {
      timedOut = true;
      take(`\nNot finished after ${limitSeconds} s; ended.\n`);
      end();
    }, limitSeconds * 1000);
    // In its own process group the child does not hear the terminal's Ctrl-C.
    const interrupted = () => {
      end();
      process.exit(130);
    };
    for (const signal of endings) process.once(signal, interrupted);
    const settle = (/** @type {number} */ code) => {
      clearTimeout(timer);
      for (const signal of endings) process.off(signal, interrupted);
      file.end(() => resolve({ code, output, log: path, timedOut }));
    };
    child.stdout.setEncoding("utf8");
    child.stderr.setEncoding("utf8");
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      take(`${error.message}\n`);
      settle(127);
    });
    child.on("close", (code, signal) => {
      if (signal && !timedOut) take(`Ended by ${signal}.\n`);
      settle(code ?? 1);
    });
  });
