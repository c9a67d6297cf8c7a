import { basename } from "node:path";

/** Ending of the names of our own recordings (native/spy/FORMAT.md). */
const ending = ".p11.jsonl";

/** Whether a name is a recording's: no path, the format's ending. */
export const isRecordingName = (name: string): boolean =>
  name.endsWith(ending) && basename(name) === name && !/[\\\0]/.test(name);

/**
 * What the name of a recording says: `<start>-<process>-<program>`.
 * @returns start in milliseconds since the epoch, and process id; 0 for what the name does not say
 */
export const startAndProcess = (name: string): { started: number; process: number } => {
  const [, day, time, id] = /^(\d{8})T(\d{9})Z?-(\d+)-/.exec(name) ?? [];
  if (!day || !time) return { started: 0, process: 0 };
  const [, y, mo, d] = /(\d{4})(\d\d)(\d\d)/.exec(day) ?? [];
  const [, h, mi, s, ms] = /(\d\d)(\d\d)(\d\d)(\d{3})/.exec(time) ?? [];
  return { started: Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.${ms}Z`), process: Number(id) };
};
