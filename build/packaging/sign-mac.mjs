import { signAsync } from "@electron/osx-sign";
import { entitlementsFor } from "./mac-entitlements.mjs";

/**
 * Signs the macOS bundle as electron-builder would, with entitlements chosen for each part: electron-builder itself
 * knows only one file for all helpers.
 * @param {import("@electron/osx-sign").SignOptions} options as electron-builder has put them together
 */
export const signMac = (options) =>
  signAsync({
    ...options,
    optionsForFile: (file) => ({
      ...options.optionsForFile?.(file),
      entitlements: entitlementsFor(file),
      hardenedRuntime: true,
    }),
  });
