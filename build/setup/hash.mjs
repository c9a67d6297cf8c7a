import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./places.mjs";

/** @param {string} path file or folder @returns {string[]} the files below it, sorted */
const filesBelow = (path) => {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
};

/**
 * A hash over the names and contents of files and over further words.
 * @param {string[]} paths files and folders, from the project's folder; missing ones count as absent
 * @param {{ words?: string[], except?: RegExp }} [options]
 */
export const hashOf = (paths, { words = [], except } = {}) => {
  const hash = createHash("sha256");
  for (const file of paths.flatMap((path) => filesBelow(join(root, path)))) {
    if (except?.test(file)) continue;
    hash.update(`${relative(root, file)}\0`).update(createHash("sha256").update(readFileSync(file)).digest());
  }
  return hash.update(words.join("\0")).digest("hex");
};
