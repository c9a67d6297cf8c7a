import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { z } from "zod";
import type { nssTrust } from "../../preload/contract/truststores.ts";
import { passwordNeeded, passwordWrong } from "../objects/import/file-failures.ts";
import { failure } from "../pkcs11/failure.ts";
import { certutil } from "./readers/nss.ts";
import { runProgram } from "./readers/run-program.ts";
import { type Replaced, replaceFile } from "./replace-file.ts";
import type { OpenedStore, StoreChange, StoredEntry } from "./store-format.ts";
import { uniqueNames } from "./unique-names.ts";

export type NssTrust = z.output<typeof nssTrust>;

/** In the order in which they are replaced: new certificates with old signatures of trust would not be trusted. */
const databaseFiles = ["pkcs11.txt", "key4.db", "cert9.db"] as const;

export const isNssStore = async (folder: string): Promise<boolean> =>
  (await stat(join(folder, "cert9.db")).catch(() => null))?.isFile() ?? false;

/** certutil(1), -t: C a CA for TLS servers, T one for clients' certificates, P a trusted peer. */
const letters = { authority: "C", peer: "P", none: "" } as const;
export const trustWords = ({ servers, mail, code }: NssTrust): string =>
  [servers === "authority" ? "CT" : letters[servers], letters[mail], letters[code]].join(",");

/** @throws Failure BAD_FILE, FILE_FAILED */
export const readNss = async (folder: string): Promise<OpenedStore & { trust: Map<string, string> }> => {
  const seen = await certutil.read({ path: folder, format: "nss", password: null, expected: [], scratch: folder });
  const entries: StoredEntry[] = [];
  const trust = new Map<string, string>();
  for (const { alias, der, words, trusted } of seen) {
    if (!der) continue;
    entries.push({ alias, kind: "certificate", der, trusted });
    trust.set(alias, words);
  }
  // "u": there is a private key for it.
  return { entries, privateKeys: seen.filter(({ words }) => words.includes("u")).length, warnings: [], trust };
};

/**
 * Changes a copy of the database with certutil; the copy takes the database's place when it has been read back.
 * @param check reads the copy back
 * @throws Failure FILE_FAILED, PASSWORD_NEEDED, PASSWORD_WRONG
 */
export const changeNss = async (
  wanted: string,
  { add, goes }: StoreChange,
  {
    trust,
    password,
    check,
    mustBeNew,
    now,
  }: {
    trust: NssTrust;
    password: string | null;
    check(folder: string): Promise<void>;
    mustBeNew: boolean;
    now: Date;
  },
): Promise<Replaced> => {
  const folder = await realpath(wanted).catch(() => wanted);
  const old = await isNssStore(folder);
  if (old && mustBeNew) throw databaseThere(folder);
  if (old) await needClosed(folder);
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.new-`);
  try {
    if (old) for (const name of databaseFiles) await copyFile(join(folder, name), join(work, name)).catch(noneThere);
    else await certutilRuns(["-N", "-d", `sql:${work}`, "--empty-password"], null, work);
    await applyChange(work, { add, goes }, trust, password);
    await check(work);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    let copy: string | null = null;
    for (const name of databaseFiles) {
      const content = await readFile(join(work, name));
      const replaced = await replaceFile(join(folder, name), {
        make: () => content,
        check: async () => {},
        mustBeNew: false,
        now,
      });
      if (name === "cert9.db") ({ copy } = replaced);
    }
    return { path: folder, copy };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const noneThere = (thrown: NodeJS.ErrnoException): void => {
  if (thrown.code !== "ENOENT") throw thrown;
};

const applyChange = async (
  work: string,
  { add, goes }: StoreChange,
  trust: NssTrust,
  password: string | null,
): Promise<void> => {
  const { entries } = await readNss(work);
  const database = ["-d", `sql:${work}`];
  for (const { alias } of entries.filter(goes)) await certutilRuns(["-D", ...database, "-n", alias], password, work);
  const names = uniqueNames(
    add.map(({ alias }, i) => alias.replace(/[\p{Cc}:]+/gu, " ").trim() || `certificate ${i + 1}`),
    entries.filter((entry) => !goes(entry)).map(({ alias }) => alias),
  );
  for (const [i, { der }] of add.entries()) {
    const file = join(work, "certificate.der");
    await writeFile(file, der);
    await certutilRuns(["-A", ...database, "-n", names[i] ?? "", "-t", trustWords(trust), "-i", file], password, work);
    await rm(file);
  }
};

/**
 * The database's password goes through standard input, which certutil is told to take for the password file. What
 * Node makes between processes is a socket, which cannot be opened by that name; a pipe of the shell's can.
 */
const certutilRuns = async (words: string[], password: string | null, work: string): Promise<void> => {
  const file = words.includes("--empty-password") ? [] : ["-f", "/dev/stdin"];
  const piped = ["-c", 'cat | certutil "$@"', "certutil", ...words, ...file];
  const { code, errors } = await runProgram("sh", piped, { input: `${password ?? ""}\n` });
  if (code === 0) return;
  if (/password|SEC_ERROR_BAD_PASSWORD/i.test(errors))
    throw password === null ? passwordNeeded(work) : passwordWrong(work);
  throw failure("FILE_FAILED", {
    where: work,
    message: `certutil could not change the database: ${errors.trim().split("\n").at(-1) ?? `exit code ${code}`}. It is as it was.`,
    remedy: "Check that the folder has an NSS database (cert9.db, key4.db), and its password.",
  });
};

/** A browser that has the database open would go on with the old file, and write it back over the new one. */
const needClosed = async (folder: string): Promise<void> => {
  const programs = await openIn(await realpath(join(folder, "cert9.db")));
  if (programs.length === 0) return;
  throw failure("FILE_FAILED", {
    where: folder,
    message: `The database is open in ${programs.join(", ")}. It was left as it is.`,
    remedy: "Close the program and repeat.",
  });
};

/** Programs of this user that have a file open (Linux; elsewhere none are found). */
const openIn = async (path: string): Promise<string[]> => {
  const ids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found: string[] = [];
  for (const id of ids) {
    const descriptors = await readdir(`/proc/${id}/fd`).catch(() => []);
    const targets = await Promise.all(descriptors.map((fd) => realpath(`/proc/${id}/fd/${fd}`).catch(() => "")));
    if (!targets.includes(path)) continue;
    const name = await readFile(`/proc/${id}/comm`, "utf8").catch(() => "a program");
    found.push(`${name.trim()} (process ${id})`);
  }
  return found;
};

const databaseThere = (folder: string) =>
  failure("FILE_EXISTS", {
    where: folder,
    message: "There is an NSS database in this folder already. It was not touched.",
    remedy: "Add to it, or choose another folder.",
  });
