import { access, mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { KeptModule } from "./kept.ts";
import { knownPaths, thisMachine } from "./search-folders.ts";
import { softHsmVendor } from "./softhsm-store.ts";

export const embeddedId = "demo";

/**
 * The embedded default token: SoftHSM 2 with a token directory of its own inside the data folder. The user's own
 * SoftHSM store is never touched. @returns null if SoftHSM is not installed.
 */
export const embeddedModule = async (dataFolder: string): Promise<KeptModule | null> => {
  const path = await firstPresent(
    knownPaths(thisMachine(homedir()))
      .filter(({ library }) => library.vendor === softHsmVendor)
      .map((known) => known.path),
  );
  if (!path) return null;
  const folder = join(dataFolder, "softhsm");
  const conf = join(folder, "softhsm2.conf");
  await mkdir(join(folder, "tokens"), { recursive: true, mode: 0o700 });
  await writeFile(
    conf,
    `directories.tokendir = ${join(folder, "tokens")}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\nslots.mechanisms = ALL\n`,
    { mode: 0o600 },
  );
  return {
    id: embeddedId,
    name: "Demo token (SoftHSM)",
    path,
    origin: "embedded",
    environment: { SOFTHSM2_CONF: conf },
    initString: null,
  };
};

const firstPresent = async (candidates: string[]): Promise<string | null> => {
  for (const candidate of candidates) {
    try {
      await access(candidate);
      return candidate;
    } catch {}
  }
  return null;
};
