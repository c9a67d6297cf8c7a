import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
export const appEntitlements = join(folder, "entitlements.app.plist");
export const tokenHostEntitlements = join(folder, "entitlements.token-host.plist");

/**
 * The entitlements that a part of the macOS bundle is signed with. A token host is a utility process forked with
 * `allowLoadingUnsignedLibraries`, and Electron runs those in "Helper (Plugin).app" and nothing else there; so only
 * that helper may load libraries which are not signed by the same team. The app, the window's and the GPU's process
 * may not.
 * @param {string} file absolute path of the bundle or binary being signed
 */
export const entitlementsFor = (file) =>
  / Helper \(Plugin\)\.app(\/|$)/.test(file) ? tokenHostEntitlements : appEntitlements;
