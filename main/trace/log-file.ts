import { closeSync, openSync, readSync, statSync } from "node:fs";
import { failure } from "../pkcs11/failure.ts";
import type { RecordBytes } from "./dialects/dialect.ts";

/** Of a longer record the first and the last bytes are read, never all. */
const headBytes = 512 * 1024;
const tailBytes = 64 * 1024;

/** Files that are held open; a folder of recordings may have more than a process may open. */
const maxOpen = 128;
const opened: LogFile[] = [];

/** A log on disk. It is read in pieces, never into one string. */
export class LogFile {
  readonly path: string;
  readonly inode: number;
  size: number;
  #fd: number | null = null;

  /** @throws FILE_FAILED if it cannot be opened or is no regular file (a pipe would wait for ever). */
  constructor(path: string) {
    this.path = path;
    const stat = this.#reach(() => statSync(path));
    this.inode = stat.ino;
    this.size = stat.size;
    if (!stat.isFile())
      throw failure("FILE_FAILED", {
        where: path,
        message: "This is not a file but a folder, pipe or device.",
        remedy: "Choose a log file. Output of a running program can be saved into a file first.",
      });
    this.fd;
  }

  get fd(): number {
    if (this.#fd !== null) return this.#fd;
    const fd = this.#reach(() => openSync(this.path, "r"));
    this.#fd = fd;
    opened.push(this);
    if (opened.length > maxOpen) opened.shift()?.close();
    return fd;
  }

  /**
   * Looks at the file behind the path again.
   * @returns what has become of it: another file, or a shorter one, has to be read from its start.
   */
  look(): "same" | "grown" | "replaced" | "gone" {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    if (!stat) return "gone";
    if (stat.ino !== this.inode || stat.size < this.size) return "replaced";
    if (stat.size === this.size) return "same";
    this.size = stat.size;
    return "grown";
  }

  /** @returns the bytes that are there; fewer at the end of the file. */
  read(offset: number, length: number): Uint8Array {
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, readFully(this.fd, buffer, 0, offset));
  }

  /** @returns a record, without its middle if it is long. */
  record(offset: number, length: number): RecordBytes {
    if (length <= headBytes + tailBytes) {
      const bytes = this.read(offset, length);
      return { bytes, length: bytes.length, left: null };
    }
    const bytes = Buffer.concat([this.read(offset, headBytes), this.read(offset + length - tailBytes, tailBytes)]);
    return { bytes, length, left: { at: headBytes, count: length - headBytes - tailBytes } };
  }

  /** Gives the descriptor back; the next read opens the file again. */
  close(): void {
    const fd = this.#fd;
    if (fd === null) return;
    this.#fd = null;
    const at = opened.indexOf(this);
    if (at >= 0) opened.splice(at, 1);
    closeSync(fd);
  }

  #reach<T>(action: () => T): T {
    try {
      return action();
    } catch (thrown) {
      throw cannotOpen(this.path, thrown);
    }
  }
}

/** Fills `buffer` from `at` on with what stands at `offset`. @returns how much of the buffer is filled, from its start. */
export const readFully = (fd: number, buffer: Uint8Array, at: number, offset: number): number => {
  let filled = at;
  while (filled < buffer.length) {
    const count = readSync(fd, buffer, filled, buffer.length - filled, offset + filled - at);
    if (count === 0) break;
    filled += count;
  }
  return filled;
};

const cannotOpen = (path: string, thrown: unknown) => {
  const { code, message } = thrown as NodeJS.ErrnoException;
  return failure("FILE_FAILED", {
    where: path,
    message:
      code === "ENOENT"
        ? "There is no such file."
        : code === "EACCES"
          ? "This file may not be read by you."
          : `The file could not be opened: ${message}`,
    remedy: code === "EACCES" ? "Ask its owner for a copy, or change its access." : "Check the path.",
  });
};
