import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where SoftHSM looks for its configuration, in its order (softhsm2.conf(5)); builds differ in the system's file. */
const softHsmConfigurations = (environment: Record<string, string | undefined>, home: string): string[] =>
  environment.SOFTHSM2_CONF
    ? [environment.SOFTHSM2_CONF]
    : [
        join(home, ".config/softhsm2/softhsm2.conf"),
        "/etc/softhsm/softhsm2.conf",
        "/etc/softhsm2.conf",
        "/usr/local/etc/softhsm/softhsm2.conf",
        "/opt/homebrew/etc/softhsm/softhsm2.conf",
      ];

export interface SoftHsmConfiguration {
  path: string;
  /** `directories.tokendir`; null if the file cannot be read (then `code` says why) or names none. */
  tokenFolder: string | null;
  /** Error code of the system, e.g. EACCES. */
  code: string | null;
}

/** @returns the first configuration that is there; null if none is, and what SoftHSM was built with counts. */
export const softHsmConfiguration = (
  environment: Record<string, string | undefined>,
  home: string,
): SoftHsmConfiguration | null => {
  for (const path of softHsmConfigurations(environment, home)) {
    try {
      const tokenFolder = /^\s*directories\.tokendir\s*=\s*(.+?)\s*$/m.exec(readFileSync(path, "utf8"))?.[1] ?? null;
      return { path, tokenFolder, code: null };
    } catch (thrown) {
      const { code = "EIO" } = thrown as NodeJS.ErrnoException;
      // With a file that is named SoftHSM fails; the user's own is passed over if it cannot be opened.
      if (environment.SOFTHSM2_CONF || (code !== "ENOENT" && !path.startsWith(home)))
        return { path, tokenFolder: null, code };
    }
  }
  return null;
};
