import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/** What the browser must never do with what is typed into the window: keep it, offer to keep it, or fill it in. */
const preferences = {
  credentials_enable_service: false,
  credentials_enable_autosignin: false,
  profile: { password_manager_enabled: false },
  browser: { enable_spellchecking: false },
  autofill: { enabled: false, profile_enabled: false, credit_card_enabled: false },
};

/**
 * The browser's profile of this app: inside the data folder, apart from the user's own browsing. A browser from a
 * snap may not write to hidden folders of the home directory, so its profile lies in the snap's own folder.
 */
export const profileFolder = (browser: string, dataFolder: string, home = homedir()): string => {
  const snap = snapOf(browser);
  return snap
    ? join(home, "snap", snap, "common", `tokenglass-${basename(dataFolder)}`)
    : join(dataFolder, "browser-profile");
};

/** Makes the profile the first time, with the browser's password store switched off. */
export const makeProfile = (profile: string): void => {
  const folder = join(profile, "Default");
  const file = join(folder, "Preferences");
  if (existsSync(file)) return;
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(preferences), { mode: 0o600 });
};

/** @returns name of the snap that the browser is, or null. Debian's and Ubuntu's /usr/bin entry may lead there. */
const snapOf = (browser: string): string | null => {
  if (/^\/snap\/bin\//.test(browser)) return basename(browser);
  if (basename(browser) === "chromium-browser" && existsSync("/snap/bin/chromium")) return "chromium";
  try {
    const real = realpathSync(browser);
    return /^\/snap\/([^/]+)\//.exec(real)?.[1] ?? (/^\/usr\/bin\/snap$/.test(real) ? basename(browser) : null);
  } catch {
    return null;
  }
};
