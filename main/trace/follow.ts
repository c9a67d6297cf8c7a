import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import type { Trace } from "./trace.ts";

const pollMilliseconds = 250;

export interface FollowOptions {
  trace: Trace;
  /** Folders that are watched, so that a new line is seen at once; the poll sees it at the latest. */
  folders: readonly string[];
  /** Logs that there are now but that the trace does not have yet. */
  newLogs(): Promise<string[]>;
}

/** Follows growing logs until it is stopped. @returns the function that stops it. */
export const follow = ({ trace, folders, newLogs }: FollowOptions): (() => void) => {
  let busy = false;
  let again = false;
  let stopped = false;
  const look = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        for (const path of stopped ? [] : await newLogs()) if (!stopped) await trace.addLater(path);
        if (!stopped) await trace.poll();
      } while (again && !stopped);
    } catch {
      // A file that was deleted or replaced at this moment: the next look sees what has become of it.
    } finally {
      busy = false;
    }
  };
  const watchers: FSWatcher[] = [];
  for (const folder of folders)
    try {
      const watcher = watch(folder, { persistent: false }, () => void look());
      watcher.on("error", () => watcher.close());
      watchers.push(watcher);
    } catch {
      // Not there yet, or a file system without notices: the poll does it.
    }
  const timer = setInterval(() => void look(), pollMilliseconds);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
    for (const watcher of watchers) watcher.close();
  };
};

/** @returns the folders of paths, for {@link FollowOptions.folders}. */
export const foldersOf = (paths: readonly string[]): string[] => [...new Set(paths.map((path) => dirname(path)))];
