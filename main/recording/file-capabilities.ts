import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * File capabilities (capabilities(7)) as getcap prints them, e.g. "cap_net_raw=ep". Node reads no extended attributes.
 * @returns "" if there are none or getcap is not installed; a program that has some is then noticed when it runs
 */
export const capabilitiesOf = async (path: string): Promise<string> => {
  for (const getcap of ["/usr/sbin/getcap", "/sbin/getcap", "getcap"])
    try {
      const { stdout } = await promisify(execFile)(getcap, [path], { timeout: 3000 });
      return stdout
        .trim()
        .slice(path.length)
        .replace(/^ ?=? ?/, "");
    } catch {
      // Not at this place.
    }
  return "";
};
