import {
  access,
  constants,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import type { nssTrust } from "../../preload/contract/truststores.ts";
import { isRunning } from "../files/process-state.ts";
import { badFile, passwordNeeded, passwordWrong } from "../objects/import/file-failures.ts";
import { failure } from "../pkcs11/failure.ts";
import { fitsBatch, listNss } from "./readers/nss.ts";
import { UnreadByProgram } from "./readers/reader.ts";
import { runProgram } from "./readers/run-program.ts";
import { type Replaced, replaceFile } from "./replace-file.ts";
import type { OpenedStore, StoreChange, StoredEntry } from "./store-format.ts";
import { quotedParameter, type TrustModules } from "./trust-modules.ts";
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

interface NssEntry extends StoredEntry {
  /** As certutil writes it, "CT,,". */
  words: string;
}

/**
 * The certificates in a database, as NSS's own library reads it: certutil tells certificates of one subject not apart.
 * Those that go with a private key are the key's, and counted only.
 * @throws Failure BAD_FILE, MODULE_NOT_FOUND
 */
export const readNss = async (
  folder: string,
  modules: TrustModules,
): Promise<Omit<OpenedStore, "entries"> & { entries: NssEntry[] }> => {
  if (!(await isNssStore(folder)))
    throw badFile(
      folder,
      "There is no NSS database (cert9.db) in this folder.",
      "Choose the folder that has cert9.db.",
    );
  const listed = await listNss(folder).catch((thrown) => {
    throw thrown instanceof UnreadByProgram
      ? badFile(folder, `NSS cannot read this database: ${thrown.message}.`)
      : thrown;
  });
  // "u": there is a private key for it.
  const withKey = new Set(listed.filter(({ words }) => words.includes("u")).map(({ alias }) => alias));
  const parameters = `configdir=${quotedParameter(`sql:${folder}`)} certPrefix='' keyPrefix='' secmod='' flags=readOnly,noModDB`;
  const anchors = await modules.anchors("nss", parameters);
  return {
    entries: anchors
      .filter(({ label }) => !withKey.has(label))
      .map(({ label, content, trusted, words }) => ({
        alias: label,
        kind: "certificate",
        der: Buffer.from(content, "base64"),
        trusted,
        words: words ?? ",,",
      })),
    privateKeys: withKey.size,
    warnings: [],
  };
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
    modules,
    now,
  }: {
    trust: NssTrust;
    password: string | null;
    check(folder: string): Promise<void>;
    mustBeNew: boolean;
    modules: TrustModules;
    now: Date;
  },
): Promise<Replaced> => {
  const folder = await realpath(wanted).catch(() => wanted);
  const old = await isNssStore(folder);
  if (old && mustBeNew) throw databaseThere(folder);
  if (old) await needClosed(folder);
  const memory = await memoryFolder();
  await clearLeftovers(memory);
  const work = await mkdtemp(join(memory, `${workName}${process.pid}-`));
  try {
    if (old) for (const name of databaseFiles) await copyFile(join(folder, name), join(work, name)).catch(noneThere);
    else await certutilRuns(["-N", "-d", `sql:${work}`, "--empty-password"], null, work);
    await applyChange(work, { add, goes }, { trust, password, modules });
    await check(work);
    return { path: folder, copy: await takePlace(work, folder, now) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const workName = "tokenglass-nss-";

/** Copies of databases, with their keys, of an app that was killed at work. */
const clearLeftovers = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const id = name.startsWith(workName) ? Number.parseInt(name.slice(workName.length), 10) : Number.NaN;
    // Those of other users cannot be removed, and need not be.
    if (id > 0 && !(await isRunning(id, Date.now()))) await rm(join(folder, name), { recursive: true }).catch(() => {});
  }
};

/** Where certutil, which waits for the disk with each certificate, need not: 200 take a minute otherwise. */
const memoryFolder = async (): Promise<string> => {
  const memory = "/dev/shm";
  return access(memory, constants.W_OK).then(
    () => memory,
    () => tmpdir(),
  );
};

/** @returns the copy of the former cert9.db, null if there was none */
const takePlace = async (work: string, folder: string, now: Date): Promise<string | null> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const done: Replaced[] = [];
  try {
    for (const name of databaseFiles) {
      const made = await readFile(join(work, name)).catch(noneThere);
      if (!made) continue;
      // certutil writes down where it made it.
      const content = name === "pkcs11.txt" ? Buffer.from(made.toString("utf8").replaceAll(work, folder)) : made;
      const path = join(folder, name);
      if ((await readFile(path).catch(noneThere))?.equals(content)) continue;
      done.push(await replaceFile(path, { make: () => content, check: async () => {}, mustBeNew: false, now }));
    }
  } catch (thrown) {
    // The files belong together.
    for (const { path, copy } of done.reverse()) await (copy === null ? rm(path) : rename(copy, path));
    throw thrown;
  }
  return done.find(({ path }) => path.endsWith("cert9.db"))?.copy ?? null;
};

const noneThere = (thrown: NodeJS.ErrnoException): null => {
  if (thrown.code === "ENOENT") return null;
  throw thrown;
};

const applyChange = async (
  work: string,
  { add, goes }: StoreChange,
  { trust, password, modules }: { trust: NssTrust; password: string | null; modules: TrustModules },
): Promise<void> => {
  const { entries } = await readNss(work, modules);
  const gone = entries.filter(goes);
  const labels = new Set(gone.map(({ alias }) => alias));
  // certutil deletes by nickname: others that have it go as well, and come back.
  const sharing = entries.filter((entry) => labels.has(entry.alias));
  const back = sharing.filter((entry) => !goes(entry));
  const names = uniqueNames(
    add.map(({ alias }, i) => alias.replace(/[\p{Cc}:]+/gu, " ").trim() || `certificate ${i + 1}`),
    entries.filter((entry) => !goes(entry)).map(({ alias }) => alias),
  );
  const written: Pick<NssEntry, "der" | "alias" | "words">[] = [
    ...back,
    ...add.map(({ der }, i) => ({ der, alias: names[i] ?? "", words: trustWords(trust) })),
  ];
  for (const [i, { der }] of written.entries()) await writeFile(join(work, `${i}.der`), der);
  const commands = [
    ...sharing.map(({ alias }) => ["-D", "-n", alias]),
    ...written.map(({ alias, words }, i) => ["-A", "-n", alias, "-t", words, "-i", join(work, `${i}.der`)]),
  ];
  await runAll(commands, password, work);
  for (const i of written.keys()) await rm(join(work, `${i}.der`));
};

/** In the given order; one process for all that certutil can read from a batch file, since each has to log in. */
const runAll = async (commands: string[][], password: string | null, work: string): Promise<void> => {
  const batch = join(work, "batch");
  for (let at = 0; at < commands.length; ) {
    const end = commands.findIndex((words, i) => i >= at && !words.every(fitsBatch));
    const together = commands.slice(at, end === -1 ? undefined : end);
    if (together.length > 0) {
      await writeFile(batch, together.map((words, i) => batchLine(words, i === 0)).join(""));
      await certutilRuns(["-B", "-d", `sql:${work}`, "-i", batch], password, work);
    }
    at += together.length;
    const alone = commands[at++];
    if (alone) await certutilRuns([...alone, "-d", `sql:${work}`], password, work);
  }
  await rm(batch, { force: true });
};

/** The login of the first command holds for those that follow it. */
const batchLine = ([action, ...words]: string[], first: boolean): string =>
  `${action} ${words.map((word) => (word.startsWith("-") && word.length === 2 ? word : `"${word}"`)).join(" ")}${first ? " -f /dev/stdin" : ""}\n`;

/**
 * The database's password goes through standard input, which certutil is told to take for the password file. What
 * Node makes between processes is a socket, which cannot be opened by that name; a pipe of the shell's can.
 */
const certutilRuns = async (words: string[], password: string | null, work: string): Promise<void> => {
  const file = words.includes("--empty-password") || words.includes("-B") ? [] : ["-f", "/dev/stdin"];
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
