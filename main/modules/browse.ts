import type { Output } from "../../preload/contract/index.ts";
import { listFolder } from "../files/list-folder.ts";

/** Names that a loadable library has: libx.so, libx.so.1.2, x.dylib, x.dll, x.bundle. */
export const isLibraryName = (name: string): boolean => /\.(so(\.\d+)*|dylib|dll|bundle)$/i.test(name);

/**
 * Folders and libraries in a folder.
 * @param folder as listFolder has it
 * @throws Failure FILE_FAILED, REFUSED
 */
export const browse = async (folder: string): Promise<Output<"modules.browse">> => {
  const { entries, ...place } = await listFolder(folder, isLibraryName);
  return {
    ...place,
    entries: entries.map((entry) => ({ ...entry, kind: entry.kind === "folder" ? "folder" : "library" })),
  };
};
