import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Replaces a file by another content, or makes it. The content is written beside it, flushed, and only then takes the
 * file's name: whoever reads the file finds the old or the new one, whole, also after a kill or a loss of power.
 * @param ready gets the path of the new file before it takes the name; what it throws leaves the file as it was
 */
export const writeDurably = async (
  path: string,
  content: string | Uint8Array,
  { mode = 0o600, ready }: { mode?: number; ready?(written: string): Promise<void> } = {},
): Promise<void> => {
  const temporary = join(dirname(path), `.tokenglass-${randomBytes(6).toString("hex")}.new`);
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await ready?.(temporary);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
  await flush(dirname(path));
};

/** The new name is safe only when the folder is (fsync(2)). Not every file system has it. */
const flush = async (folder: string): Promise<void> => {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file itself is flushed.
  }
};
