import { dataFolder } from "../places.ts";
import { launchBrowser } from "./browser-process.ts";
import { makeProfile, profileFolder } from "./browser-profile.ts";
import { findBrowser } from "./find-browser.ts";
import { boundsPath, readBounds } from "./window-bounds.ts";

/** Entry of the browser shell: the app in a window of the installed Chromium, Chrome or Edge. */
const path = findBrowser();
if (!path) {
  process.stderr.write("No Chromium, Chrome or Edge was found. Install one, or run `npm start`, which does.\n");
  process.exit(2);
}
const folder = dataFolder();
const profile = profileFolder(path, folder);
makeProfile(profile);
// The browser needs longer to start than the app, so it goes first and the app is loaded meanwhile.
const browser = launchBrowser({ browser: path, profile, bounds: readBounds(boundsPath(folder)) });
const { runBrowserShell } = await import("./run-browser-shell.ts");
process.exitCode = await runBrowserShell(folder, browser);
