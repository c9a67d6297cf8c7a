import type { Settings } from "../../preload/contract/app.ts";
import type { HandlersOf } from "../dispatch.ts";
import type { SettingsFile } from "./settings-file.ts";

export const appHandlers = (app: {
  version: string;
  shell: "electron" | "browser" | "terminal";
  dataFolder: string;
  settings: SettingsFile;
  onChange(value: Settings): void;
}): HandlersOf<"app"> => ({
  "app.info": () => ({
    version: app.version,
    shell: app.shell,
    dataFolder: app.dataFolder,
    platform: `${process.platform} ${process.arch}`,
  }),
  "app.settings": () => app.settings.value,
  "app.setSettings": async (changes) => {
    const value = await app.settings.change(changes);
    app.onChange(value);
    return value;
  },
});
