import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/**
 * The file that a command's first word starts, as execvp(3) looks for it.
 * @returns its path as found and behind symbolic links; null if there is none that may be executed
 */
export const findProgram = async (
  word: string,
  folder: string,
  search: string = process.env["PATH"] ?? "",
): Promise<{ path: string; real: string } | null> => {
  const places = word.includes("/")
    ? [isAbsolute(word) ? word : resolve(folder, word)]
    : search.split(delimiter).map((entry) => resolve(folder, join(entry || ".", word)));
  for (const path of places)
    try {
      await access(path, constants.X_OK);
      if ((await stat(path)).isFile()) return { path, real: await realpath(path) };
    } catch {
      // Not here, or not for this user: the next folder.
    }
  return null;
};
