import { constants, type Dirent } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Output } from "../../preload/contract/index.ts";
import { failure } from "../pkcs11/failure.ts";
import { withHome } from "./folder.ts";

type Listed = Output<"files.browse">;
type Entry = Listed["entries"][number];

/**
 * Folders and files in a folder, folders first, hidden ones left out. Symbolic links are followed.
 * @param folder absolute, or beginning with ~; "" is the home folder
 * @param accepts whether a file of a name is listed
 * @throws Failure FILE_FAILED, REFUSED
 */
export const listFolder = async (folder: string, accepts: (name: string) => boolean): Promise<Listed> => {
  const wanted = folder === "" ? homedir() : withHome(folder);
  if (!isAbsolute(wanted))
    throw failure("REFUSED", {
      where: folder,
      message: "A folder is named by its absolute path.",
      remedy: "Give the path from the root, e.g. /usr/lib.",
    });
  const place = resolve(wanted);
  const found = await read(place);
  const entries = await Promise.all(
    found.filter(({ name }) => !name.startsWith(".")).map((dirent) => entryOf(place, dirent, accepts)),
  );
  const above = dirname(place);
  return {
    folder: place,
    parent: above === place ? null : above,
    entries: entries.filter((entry) => entry !== null).sort(inOrder),
  };
};

const read = async (folder: string): Promise<Dirent[]> => {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    // Without the right to search it, a folder's names can be read but nothing in it be opened.
    await access(folder, constants.X_OK);
    return found;
  } catch (thrown) {
    throw failure("FILE_FAILED", {
      where: folder,
      ...(reasons[(thrown as NodeJS.ErrnoException).code ?? ""] ?? unreadable),
    });
  }
};

const unreadable = { message: "The folder cannot be read.", remedy: "Choose another folder." };
const reasons: Record<string, { message: string; remedy: string }> = {
  ENOENT: { message: "There is no such folder.", remedy: "Choose another folder, or make it first." },
  ENOTDIR: { message: "This is a file, not a folder.", remedy: "Choose the folder that it is in." },
  EACCES: { message: "Your user may not read this folder.", remedy: "Choose another folder, or ask its owner." },
  EPERM: { message: "Your user may not read this folder.", remedy: "Choose another folder, or ask its owner." },
};

const entryOf = async (folder: string, dirent: Dirent, accepts: (name: string) => boolean): Promise<Entry | null> => {
  const { name } = dirent;
  const path = join(folder, name);
  if (dirent.isDirectory()) return { name, path, kind: "folder", size: 0 };
  if (!dirent.isSymbolicLink() && !(dirent.isFile() && accepts(name))) return null;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return { name, path, kind: "folder", size: 0 };
    return stats.isFile() && accepts(name) ? { name, path, kind: "file", size: stats.size } : null;
  } catch {
    // A link that leads nowhere.
    return null;
  }
};

const inOrder = (a: Entry, b: Entry): number =>
  a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === "folder" ? -1 : 1;
