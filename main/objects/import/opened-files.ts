import { randomUUID } from "node:crypto";
import { failure } from "../../pkcs11/failure.ts";
import { passwordNeeded } from "./file-failures.ts";
import { type ReadFile, readFile } from "./read-file.ts";

/**
 * Files that were opened with a password and are to be written next. The window forgets the password as soon as the
 * file is open; what the file holds waits here, in the token host's memory, until it is written or given up, for some
 * minutes at most. Then its private bytes are zeroed.
 */

/** Milliseconds after its last use at which a file is closed. */
const keptMilliseconds = 10 * 60_000;
/** Files that are open together; the one that has waited longest makes room. */
const keptFiles = 200;

interface OpenedFile {
  fileName: string;
  file: ReadFile;
  timer: NodeJS.Timeout;
}

const files = new Map<string, OpenedFile>();

/** Closes a file and zeroes its private bytes. Nothing happens if it is closed already. */
export const closeFile = (id: string): void => {
  const kept = files.get(id);
  if (!kept) return;
  files.delete(id);
  clearTimeout(kept.timer);
  kept.file.wipe();
};

const closeLater = (id: string): NodeJS.Timeout => setTimeout(() => closeFile(id), keptMilliseconds).unref();

/** @returns an id that nobody can guess */
const keep = (fileName: string, file: ReadFile): string => {
  const [oldest] = files.keys();
  if (files.size >= keptFiles && oldest !== undefined) closeFile(oldest);
  const id = randomUUID();
  files.set(id, { fileName, file, timer: closeLater(id) });
  return id;
};

/** @throws Failure PASSWORD_NEEDED: it is closed */
const stillOpen = (id: string, fileName: string): ReadFile => {
  const kept = files.get(id);
  if (kept?.fileName !== fileName)
    throw passwordNeeded(
      fileName,
      "The file was closed, since some minutes went by without a use, or its module was started again.",
    );
  clearTimeout(kept.timer);
  kept.timer = closeLater(id);
  // Last in the order of use.
  files.delete(id);
  files.set(id, kept);
  return kept.file;
};

export interface FileInput {
  fileName: string;
  content?: string | undefined;
  opened?: string | undefined;
  password?: string | undefined;
}

export interface FileAtHand {
  file: ReadFile;
  /** Keeps it open for a request to come. @returns its id */
  keepOpen(): string;
  /** To be called when the request is done: what is not kept is wiped. */
  done(): void;
}

/**
 * The file that a request means: its bytes, or one that is open.
 * @throws Failure INVALID_REQUEST, BAD_FILE, PASSWORD_NEEDED, PASSWORD_WRONG
 */
export const fileOf = ({ fileName, content, opened, password }: FileInput): FileAtHand => {
  if (opened !== undefined) {
    const file = stillOpen(opened, fileName);
    return { file, keepOpen: () => opened, done: () => {} };
  }
  if (content === undefined)
    throw failure("INVALID_REQUEST", {
      where: fileName,
      message: "The file's content is missing.",
      remedy: "Give `content` in base64, or `opened` from objects.importPreview.",
    });
  const file = readFile(fileName, Buffer.from(content, "base64"), password ?? null);
  let kept = false;
  return {
    file,
    keepOpen: () => {
      kept = true;
      return keep(fileName, file);
    },
    done: () => {
      if (!kept) file.wipe();
    },
  };
};
