import { readFile } from "node:fs/promises";

/** Slack for clocks: a process' start is known to a hundredth of a second, and relative to the time of booting. */
const slackMilliseconds = 3000;

/**
 * Whether the process that made a file is still there. An id that another process has by now does not count, where the
 * system tells when a process started.
 * @param begun when the process made it, milliseconds since the epoch
 */
export const isRunning = async (id: number, begun: number): Promise<boolean> => {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
  } catch (thrown) {
    // EPERM: it is there, and belongs to somebody else.
    if ((thrown as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const started = await startOf(id);
  return started === "ended" ? false : started === null || started <= begun + slackMilliseconds;
};

/** @returns milliseconds since the epoch, null where the system does not tell, "ended" for a zombie (proc(5)) */
const startOf = async (id: number): Promise<number | null | "ended"> => {
  try {
    const [stat, system] = await Promise.all([
      readFile(`/proc/${id}/stat`, "latin1"),
      readFile("/proc/stat", "latin1"),
    ]);
    // The name in brackets may hold blanks and brackets; the fields begin behind the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return "ended";
    const booted = /^btime (\d+)$/m.exec(system)?.[1];
    const ticks = fields[19];
    if (booted === undefined || ticks === undefined) return null;
    return Number(booted) * 1000 + Number(ticks) * 10;
  } catch {
    return null;
  }
};
