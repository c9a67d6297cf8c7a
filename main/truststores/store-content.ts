import { readdir, readFile, stat } from "node:fs/promises";
import { failure } from "../pkcs11/failure.ts";

/** More than any store of certificates has: the system's own bundle is 200 kB. */
const most = 32 * 1024 * 1024;

/** @throws Failure FILE_FAILED, also for what is no file (a pipe would be waited for without end), BAD_FILE */
export const contentOf = async (path: string): Promise<Buffer> => {
  const found = await stat(path).catch(() => null);
  if (!found) throw noFile(path);
  if (!found.isFile()) throw notA("file", path);
  if (found.size > most)
    throw failure("BAD_FILE", {
      where: path,
      message: "The file is too large for a trust store.",
      remedy: "Choose another file.",
    });
  return readFile(path).catch(() => {
    throw noFile(path);
  });
};

/** @returns names of files in a folder. @throws Failure FILE_FAILED */
export const namesIn = async (path: string): Promise<string[]> => {
  const found = await stat(path).catch(() => null);
  if (!found) throw noFile(path);
  if (!found.isDirectory()) throw notA("folder", path);
  return readdir(path).catch(() => {
    throw noFile(path);
  });
};

export const noFile = (path: string) =>
  failure("FILE_FAILED", {
    where: path,
    message: "There is no such file, or you may not read it.",
    remedy: "Check the path, and who may read it.",
  });

export const notA = (kind: "file" | "folder", path: string) =>
  failure("FILE_FAILED", {
    where: path,
    message: kind === "file" ? "This is no file, but a folder, a pipe or a device." : "This is no folder.",
    remedy: `Choose a ${kind}.`,
  });
