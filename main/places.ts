import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** The bundled parts. This file is in dist/main or dist/main/chunks when bundled, in main/ when tests run the sources. */
const dist = /[\\/]dist[\\/]main([\\/]chunks)?$/.test(here)
  ? here.replace(/[\\/]main([\\/]chunks)?$/, "")
  : join(dirname(here), "dist");

/** Entry of the token hosts. */
export const hostEntry = join(dist, "main", "host.js");
/** Entry of the trace viewer's worker threads; null if nothing is bundled yet. */
export const traceWorkerEntry = (): string | null => {
  const entry = join(dist, "main", "trace-worker.js");
  return existsSync(entry) ? entry : null;
};
/** C libraries that the app uses. */
export const nativeFolder = join(dist, "native");
export const rendererFolder = join(dist, "renderer");
export const preloadFolder = join(dist, "preload");

export const version: string = (
  JSON.parse(readFileSync(join(dist, "..", "package.json"), "utf8")) as { version: string }
).version;

/** The app's data directory: TOKENGLASS_DATA, or the platform's usual place. */
export const dataFolder = (): string => {
  if (process.env["TOKENGLASS_DATA"]) return process.env["TOKENGLASS_DATA"];
  if (process.platform === "win32")
    return join(process.env["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "Tokenglass");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "Tokenglass");
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "tokenglass");
};
