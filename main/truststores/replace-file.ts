import { chmod, chown, constants, copyFile, readFile, realpath, rm, stat } from "node:fs/promises";
import { writeDurably } from "../files/write-durably.ts";
import { failure } from "../pkcs11/failure.ts";
import { notA } from "./store-content.ts";

export interface Replaced {
  path: string;
  /** The former content, beside it; null if there was none. */
  copy: string | null;
}

/**
 * Replaces a file by another content, or makes it. The new content is written beside it, flushed, and read back by
 * `check`; only then does it take the file's name, so whoever reads the file finds the old or the new one, whole, also
 * after a loss of power. A link stays a link.
 * @param make the new content from the old one, null if there is no file
 * @param check throws if the file at the given path is not what it should be; the file itself is untouched then
 * @throws Failure FILE_FAILED, FILE_EXISTS; what `make` and `check` throw
 */
export const replaceFile = async (
  wanted: string,
  {
    make,
    check,
    mustBeNew,
    now,
    keep = true,
    followLink = true,
  }: {
    make(old: Buffer | null): Buffer | Promise<Buffer>;
    check(path: string): Promise<void>;
    mustBeNew: boolean;
    now: Date;
    /** Whether the former content is kept beside it. */
    keep?: boolean;
    /** Whether the file that a link names is replaced; otherwise the link itself. */
    followLink?: boolean;
  },
): Promise<Replaced> => {
  const path = followLink ? await realpath(wanted).catch(() => wanted) : wanted;
  const old = await before(path);
  if (old && mustBeNew) throw exists(path);
  const content = await make(old?.content ?? null);
  let copy: string | null = null;
  try {
    await writeDurably(path, content, {
      mode: old?.mode ?? 0o644,
      ready: async (written) => {
        if (old) await asBefore(written, old);
        await check(written);
        if (old && keep) copy = await keepCopy(path, now, (to) => copyFile(path, to, constants.COPYFILE_EXCL));
        await stillAs(path, old);
      },
    });
    return { path, copy };
  } catch (thrown) {
    if (copy) await rm(copy, { force: true });
    throw isSystemError(thrown) ? cannotWrite(path, thrown) : thrown;
  }
};

interface Before {
  content: Buffer;
  mode: number;
  owner: { uid: number; gid: number };
  changed: number;
  size: number;
  inode: number;
}

const before = async (path: string): Promise<Before | null> => {
  try {
    const found = await stat(path);
    // A pipe or device would be read without end.
    if (!found.isFile()) throw notA("file", path);
    const { mode, uid, gid, mtimeMs, size, ino } = found;
    const content = await readFile(path);
    return { content, mode: mode & 0o7777, owner: { uid, gid }, changed: mtimeMs, size, inode: ino };
  } catch (thrown) {
    if (isSystemError(thrown) && thrown.code === "ENOENT") return null;
    throw isSystemError(thrown) ? cannotRead(path, thrown) : thrown;
  }
};

/** With the rights of the file whose place it will take; its owner, too, where this user may give files away. */
const asBefore = async (path: string, { owner, mode }: Before): Promise<void> => {
  await chown(path, owner.uid, owner.gid).catch(() => {});
  // The process's umask does not count for a file that was there before.
  await chmod(path, mode);
};

/**
 * Keeps "store.p12.20261124-195301.bak", with a number from the second of a second on.
 * @param make makes the copy; fails with EEXIST where there is something already. What it leaves when it fails otherwise is taken away
 * @returns the copy's path
 */
export const keepCopy = async (path: string, now: Date, make: (copy: string) => Promise<void>): Promise<string> => {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  for (let n = 1; ; n++) {
    const copy = `${path}.${stamp}${n === 1 ? "" : `-${n}`}.bak`;
    try {
      await make(copy);
      return copy;
    } catch (thrown) {
      if (isSystemError(thrown) && thrown.code === "EEXIST") continue;
      await rm(copy, { recursive: true, force: true });
      throw thrown;
    }
  }
};

/** Another program may have written to it meanwhile: its work would be lost. */
const stillAs = async (path: string, old: Before | null): Promise<void> => {
  const now = await stat(path).catch(() => null);
  if (old ? now?.mtimeMs === old.changed && now.size === old.size && now.ino === old.inode : now === null) return;
  throw failure("FILE_FAILED", {
    where: path,
    message: "Another program changed this file in the meantime. It was left as it is.",
    remedy: "Look at it again, and repeat what you wanted to do.",
  });
};

const isSystemError = (thrown: unknown): thrown is NodeJS.ErrnoException =>
  thrown instanceof Error && typeof (thrown as NodeJS.ErrnoException).syscall === "string";

const exists = (path: string) =>
  failure("FILE_EXISTS", {
    where: path,
    message: "There is a file of that name already. It was not touched.",
    remedy: "Choose another name, add to the store that is there, or replace it (a copy is kept).",
  });

const cannotRead = (path: string, { message }: Error) =>
  failure("FILE_FAILED", {
    where: path,
    message: `The file cannot be read: ${message}.`,
    remedy: "Check path and rights.",
  });

const reasons: Record<string, string> = {
  ENOSPC: "The disk is full.",
  EDQUOT: "Your disk quota is used up.",
  EROFS: "The file system is read-only.",
  EACCES: "Your user may not write there.",
  EPERM: "Your user may not write there.",
  ENOENT: "There is no such folder.",
  ENAMETOOLONG: "Its name is too long.",
  EFBIG: "The file would be larger than is allowed.",
};

const cannotWrite = (path: string, { code, message }: NodeJS.ErrnoException) =>
  failure("FILE_FAILED", {
    where: path,
    message: `${reasons[code ?? ""] ?? `It could not be written: ${message}.`} What was there before is as it was.`,
    remedy: "Choose another folder, or make room and repeat.",
  });
