import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { certificateParts } from "../keys/certificate-parts.ts";
import type { FolderNaming } from "./format-table.ts";
import { pemText, readPemStore } from "./formats/pem.ts";
import { opensslNameHash } from "./openssl-name-hash.ts";
import type { StoredEntry } from "./store-format.ts";
import { uniqueNames } from "./unique-names.ts";

export interface FolderFile {
  name: string;
  entries: StoredEntry[];
}

/** What a folder of certificates holds. Files that are none are left alone and counted. */
export interface OpenedFolder {
  files: FolderFile[];
  others: string[];
}

/** What is to be done with the files of a folder; names are file names in it. */
export interface FolderPlan {
  write: { name: string; content: Buffer }[];
  remove: string[];
  /** Old name, new name: of hashed files, whose numbers have no gap. */
  rename: [string, string][];
}

const hashedName = /^([0-9a-f]{8})\.(\d{1,9})$/;

/** @throws system errors of a folder that cannot be read */
export const readFolderStore = async (folder: string, naming: FolderNaming): Promise<OpenedFolder> => {
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  const files: FolderFile[] = [];
  const others: string[] = [];
  for (const name of names.sort()) {
    const fits = naming.hashed ? hashedName.test(name) : name.endsWith(naming.ending);
    const entries = fits ? await entriesOf(join(folder, name)) : null;
    if (entries) files.push({ name, entries: entries.map((entry) => ({ ...entry, alias: name })) });
    else others.push(name);
  }
  return { files, others };
};

const entriesOf = async (path: string): Promise<StoredEntry[] | null> => {
  try {
    return readPemStore(path, await readFile(path)).entries;
  } catch {
    return null;
  }
};

/** @param taken every name in the folder */
export const planFolder = (
  naming: FolderNaming,
  { files, others }: OpenedFolder,
  add: readonly StoredEntry[],
  goes: (entry: StoredEntry) => boolean,
): FolderPlan => {
  // A file with several certificates, of which some stay, is written anew with these.
  const touched = files.filter(({ entries }) => entries.some(goes));
  const remove = touched.filter(({ entries }) => entries.every(goes)).map(({ name }) => name);
  const shortened = touched
    .filter(({ name }) => !remove.includes(name))
    .map(({ name, entries }) => ({ name, content: contentOf(entries.filter((entry) => !goes(entry))) }));
  const kept = [...files.map(({ name }) => name), ...others].filter((name) => !remove.includes(name));
  if (naming.hashed) return hashedPlan(kept, remove, add, shortened);
  const names = uniqueNames(
    add.map(({ alias }, i) => fileStem(alias) || `certificate-${i + 1}`),
    kept.map((name) => name.slice(0, -naming.ending.length)),
  );
  const write = add.map((entry, i) => ({ name: `${names[i]}${naming.ending}`, content: contentOf([entry]) }));
  return { write: [...shortened, ...write], remove, rename: [] };
};

const hashedPlan = (
  kept: string[],
  remove: string[],
  add: readonly StoredEntry[],
  shortened: FolderPlan["write"],
): FolderPlan => {
  const rename: [string, string][] = [];
  const next = new Map<string, number>();
  const numbered = kept.flatMap((name) => {
    const [, hash, number] = hashedName.exec(name) ?? [];
    return hash && number ? [{ name, hash, number: Number(number) }] : [];
  });
  for (const { name, hash } of numbered.sort((a, b) => a.number - b.number)) {
    const number = next.get(hash) ?? 0;
    next.set(hash, number + 1);
    if (name !== `${hash}.${number}`) rename.push([name, `${hash}.${number}`]);
  }
  const write = add.map((entry) => {
    const hash = opensslNameHash(certificateParts(entry.der).subject);
    const number = next.get(hash) ?? 0;
    next.set(hash, number + 1);
    return { name: `${hash}.${number}`, content: contentOf([entry]) };
  });
  return { write: [...shortened, ...write], remove, rename };
};

const contentOf = (entries: StoredEntry[]): Buffer =>
  Buffer.from(entries.map(({ der }) => pemText("CERTIFICATE", der)).join(""));

/** A name that every system takes for a file: letters, digits and a few marks, at most 100 characters. */
export const fileStem = (name: string): string =>
  name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N} ._()+-]+/gu, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "")
    .slice(0, 100);
