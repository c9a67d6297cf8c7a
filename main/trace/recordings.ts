import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { failure } from "../pkcs11/failure.ts";

/** Ending of our own recordings' names (native/spy/FORMAT.md). */
const ending = ".p11.jsonl";

/** @returns the path of a recording. @throws INVALID_REQUEST for a name that would leave the folder. */
export const recordingPath = (folder: string, name: string): string => {
  if (name.endsWith(ending) && basename(name) === name && !name.includes("\\") && !name.includes("\0"))
    return join(folder, name);
  throw failure("INVALID_REQUEST", {
    where: name.slice(0, 100),
    message: "This is no name of a recording.",
    remedy: "recording.list names all recordings. Other logs are given by their path in `files`.",
  });
};

/** @returns paths of all recordings in a folder, oldest first. */
export const recordingPaths = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => []))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));

/** Whether the process that a recording's name tells (`<start>-<pid>-<exe>`) is there. */
export const isWriting = (path: string): boolean => {
  const pid = Number(/^[0-9TZ]+-(\d+)-/.exec(basename(path))?.[1] ?? 0);
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
};
