import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isRunning } from "../files/process-state.ts";
import { isRecordingName, startAndProcess } from "../files/recording-name.ts";
import { readHead } from "./file-head.ts";
import { readHeaderLine, type TraceHeader } from "./trace-header.ts";

/** Bytes that are enough for a first line. */
const headerMost = 8192;

/** A recording on disk. */
export interface TraceFile extends TraceHeader {
  name: string;
  bytes: number;
  /** Milliseconds since the epoch. */
  changed: number;
  running: boolean;
}

/** @returns the recordings of a folder, newest first; none if there is no such folder */
export const listTraces = async (folder: string): Promise<TraceFile[]> => {
  const names = (await readdir(folder).catch(() => [])).filter(isRecordingName);
  const files = await Promise.all(names.map((name) => readTrace(folder, name)));
  return files.filter((file) => file !== null).sort((a, b) => b.started - a.started || (a.name < b.name ? 1 : -1));
};

/** @returns bytes of all recordings of a folder; none is opened. */
export const tracesBytes = async (folder: string): Promise<number> => {
  const names = (await readdir(folder).catch(() => [])).filter(isRecordingName);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (facts) => (facts.isFile() ? facts.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};

const readTrace = async (folder: string, name: string): Promise<TraceFile | null> => {
  const path = join(folder, name);
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return null;
    const header = readHeaderLine(await firstLine(path));
    // Of a recording whose first line is damaged, or may not be read by this user, its name says a little.
    const basics = header ?? { ...startAndProcess(name), program: "", module: "", level: 0, parent: null };
    return {
      ...basics,
      name,
      bytes: facts.size,
      changed: facts.mtimeMs,
      running: await isRunning(basics.process, basics.started),
    };
  } catch (thrown) {
    // Deleted in this moment.
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw thrown;
  }
};

/** @returns "" if the file may not be read: root's recordings may be among the user's */
const firstLine = async (path: string): Promise<string> => {
  try {
    return (await readHead(path, headerMost)).toString("utf8").split("\n", 1)[0] ?? "";
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EACCES") return "";
    throw thrown;
  }
};

export interface Removal {
  removed: string[];
  kept: { name: string; why: string }[];
}

/** Deletes recordings, but for those of processes that still run: they would go on writing into a file without a name. */
export const removeTraces = async (folder: string, names: readonly string[]): Promise<Removal> => {
  const present = new Map((await listTraces(folder)).map((file) => [file.name, file]));
  const outcome: Removal = { removed: [], kept: [] };
  for (const name of new Set(names)) {
    const file = present.get(name);
    if (!file) outcome.kept.push({ name, why: "There is no such recording." });
    else if (file.running)
      outcome.kept.push({ name, why: `Process ${file.process} (${file.program}) still runs and writes to it.` });
    else {
      await rm(join(folder, name), { force: true });
      outcome.removed.push(name);
    }
  }
  return outcome;
};

export interface Retention {
  days: number;
  megabytes: number;
}

/**
 * Which recordings go: those that nothing was written to for so many days, then the oldest until the rest is small
 * enough. Never one whose process still runs.
 */
export const outdated = (
  files: readonly TraceFile[],
  { days, megabytes }: Retention,
  now: number = Date.now(),
): string[] => {
  const gone = new Set(files.filter((file) => !file.running && file.changed < now - days * 86_400_000));
  let left = files.reduce((sum, file) => sum + (gone.has(file) ? 0 : file.bytes), 0);
  for (const file of [...files].sort((a, b) => a.changed - b.changed)) {
    if (left <= megabytes * 1_000_000) break;
    if (file.running || gone.has(file)) continue;
    gone.add(file);
    left -= file.bytes;
  }
  return [...gone].map(({ name }) => name);
};
