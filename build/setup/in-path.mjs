import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Administrators' folders that a normal user's PATH on Debian leaves out. */
const alsoLookIn = process.platform === "win32" ? [] : ["/usr/sbin", "/sbin"];

/** @param {string} name of a program @returns {string | null} its path, if it can be run */
export const inPath = (name) => {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...alsoLookIn];
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const path of folders.flatMap((folder) => names.map((file) => join(folder, file)))) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
};
