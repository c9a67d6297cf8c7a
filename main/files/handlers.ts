import { open } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { HandlersOf } from "../dispatch.ts";
import { failure } from "../pkcs11/failure.ts";
import type { SettingsFile } from "../settings/settings-file.ts";
import { folderPath, needFolder } from "./folder.ts";
import { listFolder } from "./list-folder.ts";

export const fileHandlers = (settings: SettingsFile): HandlersOf<"files"> => ({
  "files.save": async ({ folder = settings.value.exportFolder, createFolder, fileName, content }) => {
    const place = folderPath(folder);
    await needFolder(place, createFolder);
    const bytes = Buffer.from(content, "base64");
    const path = await writeNew(place, safeName(fileName), bytes);
    return { path, size: bytes.length };
  },
  "files.browse": ({ folder }) => listFolder(folder, () => true),
});

/** A token's label may hold anything; a file name may not leave its folder or hide. */
const safeName = (name: string): string =>
  basename(name.replaceAll("\\", "/"))
    .replace(/[\p{Cc}<>:"/|?*]/gu, "_")
    .replace(/^\.+/, "_") || "unnamed";

const writeNew = async (folder: string, name: string, bytes: Buffer): Promise<string> => {
  const end = extname(name);
  const stem = name.slice(0, name.length - end.length);
  for (let n = 1; n < 1000; n++) {
    const path = join(folder, n === 1 ? name : `${stem} (${n})${end}`);
    try {
      const file = await open(path, "wx", 0o644);
      await file.writeFile(bytes).finally(() => file.close());
      return path;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw cannotWrite(path, thrown as Error);
    }
  }
  throw failure("FILE_EXISTS", {
    where: join(folder, name),
    message: "There are a thousand files with that name.",
    remedy: "Choose another name or folder.",
  });
};

const cannotWrite = (path: string, thrown: Error) =>
  failure("FILE_FAILED", {
    where: path,
    message: `The file could not be written: ${thrown.message}`,
    remedy: "Choose a folder that you may write to.",
  });
