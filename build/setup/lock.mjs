import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setupFolder } from "./places.mjs";

/** Names the processes at work, one a line: the set-up and what it started, which may outlive it if it is killed. */
const file = join(setupFolder, "lock");
let held = false;

/** @param {number} pid */
const lives = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives, but is another user's.
    return /** @type {NodeJS.ErrnoException} */ (thrown).code === "EPERM";
  }
};

/** @returns {number | undefined} a process that holds the lock, if one lives */
const holder = () => {
  try {
    return readFileSync(file, "utf8").trim().split("\n").map(Number).find(lives);
  } catch {
    return undefined;
  }
};

/** Counts a program that was started under the lock as one that holds it. @param {number | undefined} pid */
export const sharesLock = (pid) => {
  if (held && pid) appendFileSync(file, `${pid}\n`);
};

/**
 * Lets one set-up at a time work on the folder; a lock whose holders are gone is taken over.
 * @template T @param {(text: string) => void} say @param {() => Promise<T>} work @returns {Promise<T>}
 */
export const withLock = async (say, work) => {
  mkdirSync(setupFolder, { recursive: true });
  for (let waiting = false; !held; ) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
      held = true;
    } catch (thrown) {
      if (/** @type {NodeJS.ErrnoException} */ (thrown).code !== "EEXIST") throw thrown;
      const pid = holder();
      if (pid === undefined) rmSync(file, { force: true });
      else {
        if (!waiting) say(`Another set-up is at work here (process ${pid}); waiting for it.`);
        waiting = true;
        await sleep(500);
      }
    }
  }
  try {
    return await work();
  } finally {
    held = false;
    rmSync(file, { force: true });
  }
};
