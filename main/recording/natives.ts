import { join } from "node:path";
import { fitsHere, headerBytes, readHeader } from "../modules/binary-header.ts";
import { nativeFolder } from "../places.ts";
import { readHead } from "./file-head.ts";

const ending: Partial<Record<NodeJS.Platform, string>> = { darwin: "dylib", win32: "dll" };

export interface Natives {
  /** The spy as it was built; only copies of it are ever loaded. */
  spy: string;
  /** The audit library that puts it in front of modules (Linux only). */
  audit: string;
}

export const builtNatives: Natives = {
  spy: join(nativeFolder, `tokenglass-spy.${ending[process.platform] ?? "so"}`),
  audit: join(nativeFolder, "tokenglass-audit.so"),
};

/** Whether `npx tokenglass` can be typed: packages of the app have no command line. */
export const hasCommandLine = !/\.asar\b/.test(nativeFolder);

/** @returns why a library cannot be used here; "" if it can */
export const whyUnusable = async (library: string): Promise<string> => {
  try {
    const header = readHeader(await readHead(library, headerBytes));
    return fitsHere(header) ? "" : `${library} is not a library for this machine. Build it anew: npm run build:native`;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === "ENOENT"
      ? `${library} was not built. npm run build:native builds it.`
      : `${library} cannot be read (${code}).`;
  }
};
