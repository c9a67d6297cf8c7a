import { join } from "node:path";
import { certificateParts } from "../keys/certificate-parts.ts";
import { pem } from "../x509/pem.ts";
import type { FolderNaming } from "./format-table.ts";
import { readPemStore } from "./formats/pem.ts";
import { opensslNameHash } from "./openssl-name-hash.ts";
import { contentOf, namesIn } from "./store-content.ts";
import type { StoredEntry } from "./store-format.ts";
import { uniqueNames } from "./unique-names.ts";

interface FolderFile {
  name: string;
  entries: StoredEntry[];
}

/** What a folder of certificates holds. Files that are none are left alone and counted. */
export interface OpenedFolder {
  files: FolderFile[];
  others: string[];
}

/**
 * What is to be done with the files of a folder, in this order; names are file names in it. What stays is there at any
 * moment, also if the work ends in the middle: each step replaces one file at once, or takes one away.
 */
export interface FolderPlan {
  /** New files, and others in place of those of that name. */
  write: { name: string; content: Buffer }[];
  /** Old name, new name, whose file goes: of hashed files, whose numbers have no gap. */
  rename: [string, string][];
  remove: string[];
}

const hashedName = /^([0-9a-f]{8})\.(\d{1,9})$/;

/** @throws Failure FILE_FAILED */
export const readFolderStore = async (folder: string, naming: FolderNaming): Promise<OpenedFolder> => {
  const names = (await namesIn(folder)).filter((name) => !name.startsWith("."));
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
    return readPemStore(path, await contentOf(path)).entries;
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
    .map(({ name, entries }) => ({ name, content: pemOf(entries.filter((entry) => !goes(entry))) }));
  const kept = [...files.map(({ name }) => name), ...others].filter((name) => !remove.includes(name));
  if (naming.hashed) return hashedPlan(kept, remove, add, shortened);
  const names = uniqueNames(
    add.map(({ alias }, i) => fileStem(alias) || `certificate-${i + 1}`),
    kept.map((name) => name.slice(0, -naming.ending.length)),
  );
  // A file system that folds case has one file for two spellings: the new content takes the old one's place.
  const places = new Map(remove.map((name) => [name.toLowerCase(), name]));
  const write = add.map((entry, i) => {
    const name = `${names[i]}${naming.ending}`;
    return { name: places.get(name.toLowerCase()) ?? name, content: pemOf([entry]) };
  });
  const written = new Set(write.map(({ name }) => name));
  return { write: [...shortened, ...write], remove: remove.filter((name) => !written.has(name)), rename: [] };
};

/** OpenSSL looks for HASH.0, HASH.1 and so on until there is no such file. */
const hashedPlan = (
  kept: string[],
  remove: string[],
  add: readonly StoredEntry[],
  shortened: FolderPlan["write"],
): FolderPlan => {
  const places = new Map<string, HashPlaces>();
  const placesOf = (hash: string): HashPlaces => {
    const known = places.get(hash) ?? new HashPlaces(hash);
    places.set(hash, known);
    return known;
  };
  for (const [names, stays] of [[kept, true] as const, [remove, false] as const])
    for (const name of names) {
      const [, hash, number] = hashedName.exec(name) ?? [];
      if (hash && number) placesOf(hash).take(name, Number(number), stays);
    }
  const write = add.map((entry) => {
    const hash = opensslNameHash(certificateParts(entry.der).subject);
    return { name: placesOf(hash).next(), content: pemOf([entry]) };
  });
  const closed = [...places.values()].map((one) => one.close());
  return {
    write: [...shortened, ...write],
    rename: closed.flatMap((one) => one.rename),
    remove: closed.flatMap((one) => one.remove),
  };
};

/** The files of one hash, by number. */
class HashPlaces {
  readonly #hash: string;
  readonly #files = new Map<number, { name: string; stays: boolean }>();

  constructor(hash: string) {
    this.#hash = hash;
  }

  take(name: string, number: number, stays: boolean): void {
    this.#files.set(number, { name, stays });
  }

  /** The lowest number that is free, or whose file goes. */
  next(): string {
    const number = this.#hole();
    const name = this.#files.get(number)?.name ?? `${this.#hash}.${number}`;
    this.#files.set(number, { name, stays: true });
    return name;
  }

  /** Files with the highest numbers move into the holes, over what goes. */
  close(): Pick<FolderPlan, "rename" | "remove"> {
    const rename: [string, string][] = [];
    for (let hole = this.#hole(); ; hole = this.#hole()) {
      const [last, file] = [...this.#files].filter(([, { stays }]) => stays).sort(([a], [b]) => b - a)[0] ?? [-1];
      if (!file || last < hole) break;
      const name = this.#files.get(hole)?.name ?? `${this.#hash}.${hole}`;
      rename.push([file.name, name]);
      this.#files.delete(last);
      this.#files.set(hole, { name, stays: true });
    }
    // The highest first: a gap would hide those behind it.
    const left = [...this.#files].filter(([, { stays }]) => !stays).sort(([a], [b]) => b - a);
    return { rename, remove: left.map(([, { name }]) => name) };
  }

  #hole(): number {
    for (let number = 0; ; number++) if (!this.#files.get(number)?.stays) return number;
  }
}

const pemOf = (entries: StoredEntry[]): Buffer =>
  Buffer.from(entries.map(({ der }) => pem("CERTIFICATE", der)).join(""));

/** A name that every system takes for a file, and no program for an option: letters, digits and a few marks. */
const fileStem = (name: string): string => {
  const fit = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N} ._()+-]+/gu, "_")
    .replace(/^[-.\s]+/, "");
  let stem = "";
  // 255 bytes are the limit of most file systems; an ending and a number have to fit in as well.
  for (const character of fit)
    if (Buffer.byteLength(stem + character) <= 120) stem += character;
    else break;
  return stem.replace(/[.\s]+$/, "");
};
