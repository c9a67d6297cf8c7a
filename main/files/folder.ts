import { mkdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, normalize } from "node:path";
import { failure } from "../pkcs11/failure.ts";

/** A path with the user's own folder in place of "~" at its start; any other as it is. */
export const withHome = (path: string, home = homedir()): string => {
  const own = /^~(?:[/\\](.*))?$/s.exec(path);
  return own ? join(home, own[1] ?? "") : path;
};

/**
 * A folder as people write it: absolute, or from their own folder on ("~", "~/keys").
 * @throws Failure FILE_FAILED for a path that depends on where the app happens to run
 */
export const folderPath = (written: string, home = homedir()): string => {
  const path = withHome(written.trim(), home);
  if (isAbsolute(path)) return normalize(path);
  throw failure("FILE_FAILED", {
    where: path || "no folder",
    message: "This is not the whole path of a folder.",
    remedy: "Give the path from the root (/home/you/Downloads), or from your own folder (~/Downloads).",
  });
};

/**
 * Makes sure that a folder is there.
 * @param create whether it may be made if it is not; a slip of the pen would otherwise become a new folder
 * @throws Failure FOLDER_MISSING, FILE_FAILED
 */
export const needFolder = async (path: string, create: boolean): Promise<void> => {
  const found = await stat(path).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return null;
    throw noFolder(path, thrown.message);
  });
  if (found?.isDirectory()) return;
  if (found) throw noFolder(path, "it is a file");
  if (!create)
    throw failure("FOLDER_MISSING", {
      where: path,
      message: "There is no such folder. Nothing was written.",
      remedy: "Check its spelling, or have it created (createFolder).",
      details: { folder: path },
    });
  await mkdir(path, { recursive: true }).catch((thrown: Error) => {
    throw noFolder(path, thrown.message);
  });
};

const noFolder = (path: string, why: string) =>
  failure("FILE_FAILED", {
    where: path,
    message: `The folder cannot be used: ${why}.`,
    remedy: "Choose a folder that you may write to.",
  });
