import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "../files/json-file.ts";

export const keptModule = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  origin: z.enum(["embedded", "added"]),
  environment: z.record(z.string(), z.string()),
  initString: z.string().nullable(),
});
export type KeptModule = z.infer<typeof keptModule>;

const keptFile = z.object({
  modules: z.array(keptModule),
  /** SHA-256 of files whose code the user allowed to run, by real path. */
  approved: z.record(z.string(), z.string()),
});
export type KeptFile = z.infer<typeof keptFile>;

export const keptPath = (dataFolder: string): string => join(dataFolder, "modules.json");

export const readKept = async (path: string): Promise<KeptFile> =>
  (await readJson(path, keptFile)) ?? { modules: [], approved: {} };

export const writeKept = (path: string, kept: KeptFile): Promise<void> => writeJson(path, kept);

export const idFor = (path: string): string => `m-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
