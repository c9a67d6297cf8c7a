import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openApp } from "../app.ts";
import { forkWithNode } from "../host/process.ts";
import { dataFolder, hostEntry, version } from "../places.ts";
import { openBrowserWindow } from "./browser-window.ts";
import { findBrowser } from "./find-browser.ts";

/** Entry of the browser shell: the app in a window of the installed Chromium, Chrome or Edge. */
const browser = findBrowser();
if (!browser) {
  process.stderr.write("No Chromium, Chrome or Edge was found. Install one, or run `npm start`, which does.\n");
  process.exit(2);
}
const folder = dataFolder();
const profile = join(folder, "browser-profile");
await mkdir(profile, { recursive: true, mode: 0o700 });
const app = await openApp({ dataFolder: folder, shell: "browser", fork: forkWithNode(hostEntry), version });
void app.startModules();
const window = await openBrowserWindow({ app, browser, profile });
await window.closed;
await app.close();
process.exit(0);
