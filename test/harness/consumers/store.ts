import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of SoftHSM tokens with a configuration of its own. */
export interface Store {
  folder: string;
  /** Value for SOFTHSM2_CONF. */
  configuration: string;
  tokens: string;
  remove(): Promise<void>;
}

/** @returns an empty store in a temporary folder */
export const newStore = async (): Promise<Store> => {
  const folder = await mkdtemp(join(tmpdir(), "tokenglass-store-"));
  const tokens = join(folder, "tokens");
  const configuration = join(folder, "softhsm2.conf");
  await mkdir(tokens);
  await writeFile(configuration, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  return { folder, configuration, tokens, remove: () => rm(folder, { recursive: true, force: true }) };
};

/**
 * A copy of one token of a store, alone: what programs say of it is not mixed with other tokens' keys.
 * @param tokens folder with SoftHSM's tokens. SoftHSM ends the name of a token's folder with the serial number.
 */
export const alone = async (tokens: string, serial: string): Promise<Store> => {
  const names = await readdir(tokens);
  const name = names.find((each) => each.replaceAll("-", "").endsWith(serial));
  if (!name) throw new Error(`no token with serial number ${serial} in the store`);
  const store = await newStore();
  await cp(join(tokens, name), join(store.tokens, name), { recursive: true });
  return store;
};
