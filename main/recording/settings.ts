import { join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "../files/json-file.ts";

const content = z.object({
  /** Modules of the app that are recorded; "all" also those that are added later. */
  modules: z.union([z.literal("all"), z.array(z.string())]),
  level: z.number().int().min(0).max(2),
  /** ISO time at which level 2 falls back to 1. */
  levelUntil: z.string().nullable(),
  days: z.number(),
  megabytes: z.number(),
});
export type RecordingContent = z.infer<typeof content>;

const defaults: RecordingContent = { modules: [], level: 0, levelUntil: null, days: 30, megabytes: 1000 };

/** recording.json in the data folder: kept, so that a module can be recorded from its first call on. */
export class RecordingSettings {
  readonly #path: string;
  #content: RecordingContent = defaults;

  constructor(dataFolder: string) {
    this.#path = join(dataFolder, "recording.json");
  }

  get value(): RecordingContent {
    return this.#content;
  }

  /** Reads the file again, since a command line beside the window may have written it. */
  async read(): Promise<RecordingContent> {
    this.#content = { ...defaults, ...(await readJson(this.#path, content.partial())) };
    return this.#content;
  }

  async change(changes: Partial<RecordingContent>): Promise<RecordingContent> {
    const value = { ...(await this.read()), ...changes };
    await writeJson(this.#path, value);
    this.#content = value;
    return value;
  }
}

/** The level that is in force: 2 is for a limited time only. */
export const levelNow = ({ level, levelUntil }: RecordingContent, now = Date.now()): number =>
  level === 2 && (levelUntil === null || Date.parse(levelUntil) <= now) ? 1 : level;
