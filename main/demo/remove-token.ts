import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Takes a token out of the embedded store again. PKCS#11 has no function for that (C_InitToken only empties a token);
 * SoftHSM's own tool does it.
 * @param environment has SOFTHSM2_CONF, which names the embedded store; without it the user's own would be meant
 * @param serial of the token; unlike labels no two tokens share one
 */
export const removeToken = async (environment: Record<string, string>, serial: string): Promise<void> => {
  if (!environment["SOFTHSM2_CONF"]) throw new Error("The embedded store's configuration is not known.");
  if (!serial) throw new Error("The token has no serial number.");
  await execute("softhsm2-util", ["--delete-token", "--serial", serial], { env: { ...process.env, ...environment } });
};
