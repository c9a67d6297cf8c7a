import { randomBytes } from "node:crypto";
import { link, lstat, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { folderPath, needFolder } from "../../files/folder.ts";
import { Failure, failure } from "../../pkcs11/failure.ts";

/** So much is gathered before it is written. */
const pieceBytes = 256 * 1024;

export interface Target {
  path: string;
  overwrite: boolean;
}

/**
 * Checks where an export is to go, before work is put into it.
 * @param sources files that it must not replace
 * @returns the whole path
 * @throws Failure FOLDER_MISSING, FILE_EXISTS, FILE_FAILED, INVALID_REQUEST
 */
export const needTarget = async ({ path, overwrite }: Target, sources: readonly string[]): Promise<string> => {
  const whole = folderPath(path);
  await needFolder(dirname(whole), false);
  const found = await stat(whole).catch(() => null);
  if (!found && !(await lstat(whole).catch(() => null))) return whole;
  for (const source of sources) {
    const log = await stat(source).catch(() => null);
    if (found && log && log.ino === found.ino && log.dev === found.dev)
      throw failure("INVALID_REQUEST", {
        where: whole,
        message: "This is the log itself. Nothing was written.",
        remedy: "Choose another name for the copy.",
      });
  }
  if (found && !found.isFile()) throw cannotWrite(whole, "it is a folder or device");
  if (!overwrite) throw exists(whole);
  return whole;
};

/**
 * Writes pieces as they come into a temporary file beside the target, and gives it its name when all is on the disk. The
 * next piece is made when the one before is written. After an error nothing is left.
 * @returns bytes written
 * @throws Failure FILE_EXISTS, FILE_FAILED
 */
export const writeFile = async (
  { path, overwrite }: Target,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<number> => {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.new`);
  let bytes = 0;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      let waiting: Uint8Array[] = [];
      let size = 0;
      const flush = async () => {
        const whole = Buffer.concat(waiting);
        for (let at = 0; at < whole.length; ) at += (await file.write(whole, at)).bytesWritten;
        bytes += size;
        waiting = [];
        size = 0;
      };
      for await (const piece of pieces) {
        const part = typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
        waiting.push(part);
        size += part.length;
        if (size >= pieceBytes) await flush();
      }
      await flush();
      await file.sync();
    } finally {
      await file.close();
    }
    if (overwrite) await rename(temporary, path);
    else await nameNew(temporary, path);
    return bytes;
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    throw cannotWrite(path, (thrown as Error).message);
  } finally {
    await rm(temporary, { force: true });
  }
};

/** A link never replaces a file that has come in the meantime. Some file systems have none. */
const nameNew = async (temporary: string, path: string): Promise<void> => {
  try {
    await link(temporary, path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") throw exists(path);
    if (await lstat(path).catch(() => null)) throw exists(path);
    await rename(temporary, path);
  }
};

const exists = (path: string) =>
  failure("FILE_EXISTS", {
    where: path,
    message: "There is a file of this name already. Nothing was written.",
    remedy: "Choose another name, or have it replaced (overwrite).",
  });

const cannotWrite = (path: string, why: string) =>
  failure("FILE_FAILED", {
    where: path,
    message: `The file could not be written: ${why}`,
    remedy: "Choose a folder that you may write to and that has room.",
  });
