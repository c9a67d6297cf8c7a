import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Question } from "./ask.ts";
import { runProgram } from "./run-program.ts";

/**
 * What `keytool -list` says of a token: the aliases of its private key entries, and how many entries it counts. It takes
 * as long as asking a hundred tokens in one run of Java, so it is asked about few.
 */
export const askKeytool = async (
  { module, environment, pinFile, token }: Question,
  folder: string,
): Promise<{ aliases: string[]; entries: number }> => {
  const provider = join(folder, `keytool-${token.slot}.cfg`);
  await writeFile(provider, `name = Asked\nlibrary = ${module}\nslot = ${token.slot}\n`);
  const store = ["-keystore", "NONE", "-storetype", "PKCS11", "-storepass:file", pinFile];
  const { stdout } = await runProgram(
    "keytool",
    ["-list", ...store, "-addprovider", "SunPKCS11", "-providerarg", provider],
    {
      environment,
    },
  );
  const entries = /Your keystore contains (\d+) entr/.exec(stdout)?.[1];
  if (entries === undefined) throw new Error(`keytool: ${stdout}`);
  // Lines are "alias, PrivateKeyEntry, " with the fingerprint on the next.
  const aliases = [...stdout.matchAll(/^(.*), PrivateKeyEntry,/gm)].map(([, alias = ""]) => alias);
  return { aliases, entries: Number(entries) };
};
