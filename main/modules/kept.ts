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

const keptContent = z.object({
  modules: z.array(keptModule),
  /** SHA-256 of files whose code the user allowed to run, by real path. */
  approved: z.record(z.string(), z.string()),
});
export type KeptContent = z.infer<typeof keptContent>;

/** modules.json in the data folder: the modules that the user added, and the files that may be loaded. */
export class KeptFile {
  readonly #path: string;
  #content: KeptContent = { modules: [], approved: {} };
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(dataFolder: string): Promise<KeptFile> {
    const file = new KeptFile(join(dataFolder, "modules.json"));
    await file.#read();
    return file;
  }

  get content(): KeptContent {
    return this.#content;
  }

  /**
   * Changes the file. Reads it again first, since a command line beside the window may have written it; changes of
   * one process are done one after the other.
   */
  update(change: (content: KeptContent) => KeptContent): Promise<void> {
    const done = this.#writing.then(async () => {
      await this.#read();
      this.#content = change(this.#content);
      await writeJson(this.#path, this.#content);
    });
    this.#writing = done.catch(() => {});
    return done;
  }

  async #read(): Promise<void> {
    this.#content = (await readJson(this.#path, keptContent)) ?? { modules: [], approved: {} };
  }
}

/**
 * Id of a module. A library may be kept several times, each with its own environment and library parameters
 * (two SoftHSM stores, two NSS databases); the same three always give the same id.
 */
export const idFor = (path: string, environment: Record<string, string>, initString: string | null): string => {
  const variables = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
  const told = variables.length === 0 && initString === null ? path : JSON.stringify([path, variables, initString]);
  return `m-${createHash("sha256").update(told).digest("hex").slice(0, 8)}`;
};
