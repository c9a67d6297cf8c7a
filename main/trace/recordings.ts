import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { isRecordingName, startAndProcess } from "../files/recording-name.ts";
import { failure } from "../pkcs11/failure.ts";

/** @returns the path of a recording. @throws INVALID_REQUEST for a name that would leave the folder. */
export const recordingPath = (folder: string, name: string): string => {
  if (isRecordingName(name)) return join(folder, name);
  throw failure("INVALID_REQUEST", {
    where: name.slice(0, 100),
    message: "This is no name of a recording.",
    remedy: "recording.list names all recordings. Other logs are given by their path in `files`.",
  });
};

/** @returns paths of all recordings in a folder, oldest first. */
export const recordingPaths = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => []))
    .filter(isRecordingName)
    .sort()
    .map((name) => join(folder, name));

/** Whether the process that a recording's name tells is there. */
export const isWriting = (path: string): boolean => {
  const { process: pid } = startAndProcess(basename(path));
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
};
