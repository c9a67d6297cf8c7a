import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { isRunning } from "../files/process-state.ts";
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

/** @returns those whose process, as their names tell it, still runs and may write on. */
export const beingWritten = async (paths: readonly string[]): Promise<string[]> => {
  const running = await Promise.all(
    paths.map((path) => {
      const { process: id, started } = startAndProcess(basename(path));
      return isRunning(id, started);
    }),
  );
  return paths.filter((_, i) => running[i]);
};
