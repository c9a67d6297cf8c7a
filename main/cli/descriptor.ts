import { fstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Misuse } from "./misuse.ts";

/** How to give secrets to a command that runs under npx as well as to one that is started by itself. */
export const pinFdHint =
  "Give the lines on standard input: --pin-fd 0 < pinfile. Numbers from 3 on work only without npx, which passes on 0 to 2 alone: node build/tokenglass.mjs ... --pin-fd 3 3< pinfile";

/**
 * Sees that a descriptor is something that the caller opened. Node has descriptors of its own from 3 on: behind npx
 * one of them stands where the caller's was meant to be, and gives EINVAL when it is read.
 * @throws Misuse
 */
export const checkDescriptor = (fd: number): void => {
  let kind: ReturnType<typeof fstatSync>;
  try {
    kind = fstatSync(fd);
  } catch (thrown) {
    throw notThere(fd, (thrown as NodeJS.ErrnoException).code);
  }
  if (kind.isDirectory()) throw new Misuse(`File descriptor ${fd} (--pin-fd) is a folder.`, pinFdHint);
  if (kind.isFIFO() && bothEndsHere(fd)) throw notThere(fd, undefined);
  if (!kind.isFile() && !kind.isFIFO() && !kind.isSocket() && !kind.isCharacterDevice()) throw notThere(fd, undefined);
};

/**
 * A pipe from this process to itself is Node's own: nobody will ever write a line into it. Linux tells. A shell may
 * leave a second descriptor of the end that is read, which is no reason.
 */
const bothEndsHere = (fd: number): boolean => {
  try {
    const own = pipeOf(String(fd));
    return own !== null && readdirSync("/proc/self/fd").some((name) => pipeOf(name) === own && canWrite(name));
  } catch {
    return false;
  }
};

/** Whether a descriptor was opened for writing (open(2): O_WRONLY is 1, O_RDWR is 2), as proc(5) tells in octal. */
const canWrite = (name: string): boolean => {
  const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, "utf8"))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
};

/** @returns "pipe:[inode]", or null for a descriptor that has gone meanwhile. */
const pipeOf = (name: string): string | null => {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    return null;
  }
};

/** @param code of the failed call, if one failed */
export const notThere = (fd: number, code: string | undefined): Misuse =>
  new Misuse(
    `File descriptor ${fd} (--pin-fd) cannot be read${code ? ` (${code})` : ""}: nothing was opened there for this command.`,
    pinFdHint,
  );
