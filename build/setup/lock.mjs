import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setupFolder } from "./places.mjs";

const file = join(setupFolder, "lock");

/** @returns {number | null} the process that holds the lock, if it lives */
const holder = () => {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch (thrown) {
    // EPERM: it lives, but is another user's.
    return /** @type {NodeJS.ErrnoException} */ (thrown).code === "EPERM" ? 0 : null;
  }
};

/**
 * Lets one set-up at a time work on the folder; a lock whose holder was killed is taken over.
 * @template T @param {(text: string) => void} say @param {() => Promise<T>} work @returns {Promise<T>}
 */
export const withLock = async (say, work) => {
  mkdirSync(setupFolder, { recursive: true });
  for (let waiting = false; ; waiting = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      break;
    } catch {
      const pid = holder();
      if (pid === null) rmSync(file, { force: true });
      else {
        if (!waiting) say(`Another set-up is at work here (process ${pid}); waiting for it.`);
        await sleep(500);
      }
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
};
