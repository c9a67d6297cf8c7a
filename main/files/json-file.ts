import { mkdir, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { writeDurably } from "./write-durably.ts";

/**
 * Reads a file of the app's own. @returns null if there is none. One that is damaged is set aside as `<path>.damaged`
 * (nothing is lost) and counts as none.
 */
export const readJson = async <S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | null> => {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw thrown;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    await rename(path, `${path}.damaged`);
    return null;
  }
};

/** Writes a file of the app's own, for this user alone. */
export const writeJson = async (path: string, value: unknown): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeDurably(path, `${JSON.stringify(value, null, 2)}\n`);
};
