import { createHash } from "node:crypto";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type { Inspection } from "../../preload/contract/modules.ts";
import { failure } from "../pkcs11/failure.ts";
import { fitsHere, headerBytes, readHeader } from "./binary-header.ts";
import { judgeAccess, modeText, readAccounts, stepsTo, userName } from "./file-access.ts";
import { fileNotFound } from "./load-errors.ts";

/** What a file is, before anything is known of consent: an inspection without `knownAs` and `approved`. */
export type FileFacts = Omit<Inspection, "knownAs" | "approved"> & {
  /** Only root (on Windows: an administrator) can change it. */
  systemOwned: boolean;
};

/**
 * Looks at a library file without running it. The whole file is read once, in pieces.
 * @throws Failure MODULE_NOT_FOUND, MODULE_NOT_A_LIBRARY (a folder or device), FILE_FAILED (may not be read), REFUSED
 * (a relative path)
 */
export const fileFacts = async (path: string): Promise<FileFacts> => {
  if (!isAbsolute(path))
    throw failure("REFUSED", {
      where: path,
      message: "A module is named by its absolute path, so that it is always the same file.",
      remedy: "Give the path from the root, e.g. /usr/lib/softhsm/libsofthsm2.so.",
    });
  try {
    const realPath = await realpath(path);
    const { size, mode, uid, ...kind } = await plainStat(realPath);
    if (!kind.file) throw notAFile(path, kind.folder);
    const { sha256, head } = await digest(realPath);
    const header = readHeader(head);
    return {
      path,
      realPath,
      size,
      sha256,
      binary: { ...header, fitsHere: fitsHere(header) },
      ...(process.platform === "win32" ? windowsAccess(realPath) : await posixAccess(realPath, uid, mode)),
    };
  } catch (thrown) {
    throw readFailure(path, thrown);
  }
};

const plainStat = async (path: string) => {
  const stats = await stat(path);
  const { size, mode, uid } = stats;
  return { size, mode, uid, file: stats.isFile(), folder: stats.isDirectory() };
};

const posixAccess = async (realPath: string, uid: number, mode: number) => {
  const accounts = await readAccounts();
  const access = judgeAccess(await stepsTo(realPath), accounts, process.getuid?.() ?? 0);
  return {
    owner: userName(uid, accounts),
    mode: modeText(mode),
    othersMayWrite: access.othersMayWrite,
    othersMayWriteWhat: access.what,
    systemOwned: access.systemOwned,
  };
};

/** Windows' access lists are not read; below its own and the program folders only administrators write by default. */
const windowsAccess = (realPath: string) => {
  const folders = ["SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432"].map((name) => process.env[name]);
  const systemOwned = folders.some(
    (folder) => folder && realPath.toLowerCase().startsWith(`${folder.toLowerCase()}\\`),
  );
  return {
    owner: "not read on Windows",
    mode: "not read on Windows",
    othersMayWrite: !systemOwned,
    othersMayWriteWhat: systemOwned
      ? null
      : "It is outside of the Windows and Program Files folders; who may write it was not checked.",
    systemOwned,
  };
};

/** SHA-256 (hex) and the first bytes of a file, from one reading of it. */
const digest = async (path: string): Promise<{ sha256: string; head: Uint8Array }> => {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const hash = createHash("sha256");
    const head: Buffer[] = [];
    let kept = 0;
    for await (const piece of file.createReadStream({ highWaterMark: headerBytes, autoClose: false })) {
      hash.update(piece as Buffer);
      if (kept < headerBytes) head.push(piece as Buffer);
      kept += (piece as Buffer).length;
    }
    return { sha256: hash.digest("hex"), head: Buffer.concat(head) };
  } finally {
    await file?.close();
  }
};

const notAFile = (path: string, folder: boolean) =>
  failure("MODULE_NOT_A_LIBRARY", {
    where: path,
    message: folder ? "This is a folder, not a library." : "This is not a regular file.",
    remedy: "Choose the library file itself (.so, .dylib or .dll).",
  });

const readFailure = (path: string, thrown: unknown): unknown => {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") {
    const { code: reason, ...words } = fileNotFound();
    return failure(reason, { where: path, ...words });
  }
  if (code === "EACCES" || code === "EPERM")
    return failure("FILE_FAILED", {
      where: path,
      message: "The file, or a folder above it, may not be read by this user.",
      remedy: `Give your user the right to read it: \`ls -l ${path}\` shows who may.`,
    });
  if (code === "ELOOP")
    return failure("FILE_FAILED", {
      where: path,
      message: "Its symbolic links lead in a circle.",
      remedy: "Choose the library file itself.",
    });
  return thrown;
};
