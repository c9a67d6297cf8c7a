import { homedir } from "node:os";
import { join } from "node:path";
import { type Settings, settings } from "../../preload/contract/app.ts";
import { readJson, writeJson } from "../files/json-file.ts";

const defaults: Settings = {
  idleLogoutMinutes: 10,
  theme: "system",
  pollSeconds: 2,
  exportFolder: join(homedir(), "Downloads"),
  lastToken: null,
  expiryWarningDays: [30, 7],
  expiryWatched: [],
};

/** The settings, kept in one file. A file that does not fit is kept aside, and the defaults are used. */
export class SettingsFile {
  #value: Settings;
  readonly #path: string;

  private constructor(path: string, value: Settings) {
    this.#path = path;
    this.#value = value;
  }

  static async open(path: string): Promise<SettingsFile> {
    const kept = await readJson(path, settings.partial());
    return new SettingsFile(path, { ...defaults, ...kept });
  }

  get value(): Settings {
    return this.#value;
  }

  async change(changes: Partial<Settings>): Promise<Settings> {
    const value = { ...this.#value, ...changes };
    await writeJson(this.#path, value);
    this.#value = value;
    return value;
  }
}
