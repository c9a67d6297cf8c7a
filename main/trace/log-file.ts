import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { failure } from "../pkcs11/failure.ts";
import type { RecordBytes } from "./dialects/dialect.ts";

/** Of a longer record the first and the last bytes are read, never all. */
const headBytes = 512 * 1024;
const tailBytes = 64 * 1024;

/** A log that is open for reading. It is read in pieces, never into one string. */
export class LogFile {
  readonly path: string;
  readonly fd: number;
  readonly inode: number;
  size: number;

  /** @throws FILE_FAILED if it cannot be opened or is no regular file (a pipe would wait for ever). */
  constructor(path: string) {
    this.path = path;
    try {
      this.fd = openSync(path, "r");
    } catch (thrown) {
      throw cannotOpen(path, thrown);
    }
    const stat = fstatSync(this.fd);
    this.inode = stat.ino;
    this.size = stat.size;
    if (!stat.isFile()) {
      this.close();
      throw failure("FILE_FAILED", {
        where: path,
        message: "This is not a file but a folder, pipe or device.",
        remedy: "Choose a log file. Output of a running program can be saved into a file first.",
      });
    }
  }

  /** Looks at the size again. @returns it. */
  measure(): number {
    this.size = fstatSync(this.fd).size;
    return this.size;
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

  close(): void {
    try {
      closeSync(this.fd);
    } catch {
      // Closed already.
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
