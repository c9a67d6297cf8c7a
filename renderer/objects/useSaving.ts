import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call, errorOf } from "../client/call.ts";
import { useExportFolder } from "../client/useExportFolder.ts";
import type { SavedFile } from "./Saved.tsx";

/** A file to be saved. */
export interface Made {
  fileName: string;
  /** base64 */
  content: string;
  /** null for binary content */
  text: string | null;
}

/**
 * Saves files into a folder, which is proposed from the settings and remembered there. After an error it goes on with
 * those that are not saved yet. A folder is made only when the user says so.
 * @param makers one for each file, called right before it is saved
 */
export const useSaving = (makers: (() => Promise<Made>)[]) => {
  const { folder, setFolder, remember } = useExportFolder();
  const [done, setDone] = useState<SavedFile[]>([]);
  const action = useMutation({
    mutationFn: async (createFolder: boolean) => {
      const files = [...done];
      for (const make of makers.slice(done.length)) {
        const { fileName, content, text } = await make();
        const where = folder === "" ? {} : { folder };
        const { path, size } = await call("files.save", { fileName, content, ...where, createFolder });
        files.push({ path, size, text });
        setDone([...files]);
      }
      await remember();
      return files;
    },
  });
  const error = action.error ? errorOf(action.error) : null;
  const missing = error?.code === "FOLDER_MISSING" ? error.where : null;
  return {
    folder,
    setFolder: (text: string) => {
      setFolder(text);
      if (missing !== null) action.reset();
    },
    busy: action.isPending,
    /** Path of the folder that is not there; null if it is. */
    missing,
    error: missing === null ? error : null,
    /** Saved before an error. */
    done,
    /** All of them; null while some are not saved. */
    saved: action.data ?? null,
    start: () => action.mutate(false),
    createFolder: () => action.mutate(true),
  };
};
