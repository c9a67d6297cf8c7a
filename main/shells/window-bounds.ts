import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface Bounds {
  x?: number;
  y?: number;
  width: number;
  height: number;
}

export const boundsPath = (dataFolder: string): string => join(dataFolder, "window.json");

const usual: Bounds = { width: 1280, height: 820 };

/** Where the window was when it was last closed; the usual size if that is not known or makes no sense. */
export const readBounds = (path: string): Bounds => {
  try {
    const { x, y, width, height } = JSON.parse(readFileSync(path, "utf8")) as Bounds;
    if (![x, y, width, height].every(Number.isInteger) || width < 400 || height < 300) return usual;
    return { x, y, width, height };
  } catch {
    return usual;
  }
};

/** A window's place is not worth an error: what cannot be written is left. */
export const writeBounds = async (path: string, { x, y, width, height }: Bounds): Promise<void> => {
  await mkdir(dirname(path), { recursive: true }).catch(() => {});
  await writeFile(path, JSON.stringify({ x, y, width, height }), { mode: 0o600 }).catch(() => {});
};
