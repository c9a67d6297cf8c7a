import { readdir, stat } from "node:fs/promises";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { OwnStore } from "../../preload/contract/modules.ts";
import { type SoftHsmConfiguration, softHsmConfiguration } from "../pkcs11/softhsm-configuration.ts";
import type { FileFacts } from "./inspect.ts";
import type { Known } from "./known.ts";

/** The store that SoftHSM would use with an environment, and what keeps it from it. */
export type SoftHsmStore = Omit<OwnStore, "module">;

/** Vendor in the table of known libraries. */
export const softHsmVendor = "SoftHSM 2";

/**
 * Looks at SoftHSM's configuration and token folder, as this user. SoftHSM itself says no more than CKR_GENERAL_ERROR
 * for all that can be wrong with them.
 */
export const softHsmStore = async (
  environment: Record<string, string | undefined>,
  home: string,
): Promise<SoftHsmStore> => {
  const configuration = softHsmConfiguration(environment, home);
  if (!configuration) return { configuration: null, tokenFolder: null, tokens: null, error: null };
  const { path, tokenFolder, code } = configuration;
  const found = { configuration: path, tokenFolder };
  if (code !== null) return { ...found, tokens: null, error: configurationError(configuration) };
  if (tokenFolder === null) return { ...found, tokens: null, error: null };
  try {
    const entries = await readdir(tokenFolder, { withFileTypes: true });
    // Reading the names is one right, going into the folder another.
    await stat(`${tokenFolder}/.`);
    return { ...found, tokens: entries.filter((entry) => entry.isDirectory()).length, error: null };
  } catch (thrown) {
    const error = folderError(tokenFolder, path, (thrown as NodeJS.ErrnoException).code ?? "EIO");
    return { ...found, tokens: null, error };
  }
};

/** Why a module would fail to start if it is SoftHSM; null for others. @param environment of its own process */
export const storeError = async (
  known: Known,
  environment: Record<string, string>,
  { path, realPath }: FileFacts,
): Promise<ErrorData | null> =>
  known.library(path, realPath)?.vendor === softHsmVendor
    ? (await softHsmStore({ ...known.machine.environment, ...environment }, known.machine.home)).error
    : null;

const ownStore =
  "Or have a store of your own: a file ~/.config/softhsm2/softhsm2.conf with the line `directories.tokendir = FOLDER`, and that folder.";
const joinGroup = (what: string): string =>
  `Ask who runs this machine to let you use ${what} (on Debian and Ubuntu: \`sudo adduser $USER softhsm\`, then log in to the computer anew). ${ownStore}`;

const configurationError = ({ path, code }: SoftHsmConfiguration): ErrorData => ({
  code: "MODULE_LOAD_FAILED",
  where: path,
  message:
    code === "ENOENT"
      ? "SoftHSM's configuration is not there, so SoftHSM does not start."
      : `SoftHSM's configuration may not be read by you (${code}), so SoftHSM does not start.`,
  remedy:
    code === "ENOENT"
      ? "SOFTHSM2_CONF names this file. Correct the variable, or make the file with a line `directories.tokendir = FOLDER`."
      : joinGroup("it"),
  details: { code, configuration: path },
});

const folderError = (folder: string, configuration: string, code: string): ErrorData => ({
  code: "MODULE_LOAD_FAILED",
  where: folder,
  message:
    code === "ENOENT"
      ? `The token folder that ${configuration} names is not there, so SoftHSM does not start.`
      : `The token folder that ${configuration} names may not be read by you (${code}), so SoftHSM does not start.`,
  remedy:
    code === "ENOENT"
      ? "Make the folder, for your eyes only (mkdir -m 700), or correct directories.tokendir in the configuration."
      : joinGroup("the folder"),
  details: { code, configuration, folder },
});
