import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { StoreFormat, StoreView } from "../../preload/contract/truststores.ts";
import { badFile } from "../objects/import/file-failures.ts";
import { failure } from "../pkcs11/failure.ts";
import { type FolderPlan, type OpenedFolder, planFolder, readFolderStore } from "./folder-store.ts";
import { type FolderNaming, formatFacts } from "./format-table.ts";
import { changeNss, isNssStore, type NssTrust, trustWords } from "./nss-store.ts";
import { keepCopy, type Replaced, replaceFile } from "./replace-file.ts";
import { notA } from "./store-content.ts";
import { type FileStore, type OpenedStore, readingStore, type StoreChange, sha256 } from "./store-format.ts";
import type { TrustModules } from "./trust-modules.ts";
import { readOwn, viewsOf } from "./views.ts";

export interface Change extends StoreChange {
  modules: TrustModules;
  format: StoreFormat;
  path: string;
  password: string | null;
  mustBeNew: boolean;
  trust: NssTrust;
  /** Replaces the change of a file store, for repairs. */
  rewrite?: (old: Buffer) => Buffer;
}

export type Changed =
  | (Replaced & { outcome: "written"; views: StoreView[] })
  | { outcome: "notSeenByItsReader"; path: string; copy: null; views: StoreView[] };

/** Thrown within, so that the store keeps its place. */
class NotSeen extends Error {
  readonly views: StoreView[];

  constructor(views: StoreView[]) {
    super("not seen by its reader");
    this.views = views;
  }
}

/**
 * Changes a store: the new content is made apart, read back by our own reader and by every program that is installed
 * for it, and takes the old one's place only if all of them see what they should.
 * @throws Failure BAD_FILE, FILE_FAILED, FILE_EXISTS, PASSWORD_NEEDED, PASSWORD_WRONG, REFUSED
 */
export const changeStore = async (change: Change, now = new Date()): Promise<Changed> => {
  const { file, folder } = formatFacts(change.format);
  let views: StoreView[] = [];
  const check = async (path: string, expected: Buffer[]): Promise<void> => {
    const { format, password, modules } = change;
    views = await viewsOf({ path, format, password, expected, modules, shownAs: change.path });
    if (views.some(({ verdict }) => verdict === "notSeen" || verdict === "failed")) throw new NotSeen(views);
  };
  try {
    const replaced = file
      ? await changeFile(file, change, check, now)
      : folder
        ? await changeFolder(folder, change, check, now)
        : await changeDatabase(change, check, now);
    return { ...replaced, outcome: "written", views };
  } catch (thrown) {
    if (thrown instanceof NotSeen)
      return { outcome: "notSeenByItsReader", path: change.path, copy: null, views: thrown.views };
    throw thrown;
  }
};

type Check = (path: string, expected: Buffer[]) => Promise<void>;

/** What a store should show when the change is made. What was not trusted before is not asked for. */
const expectedOf = (old: OpenedStore | null, { add, goes }: StoreChange): Buffer[] => [
  ...(old?.entries ?? []).filter((entry) => entry.trusted && !goes(entry)).map(({ der }) => der),
  ...add.map(({ der }) => der),
];

const changeFile = (file: FileStore, change: Change, check: Check, now: Date): Promise<Replaced> => {
  let expected: Buffer[] = [];
  return replaceFile(change.path, {
    make: (old) => {
      const before = old && readingStore(change.path, () => file.read(old, change.password));
      if (old && change.rewrite) {
        expected = (before?.entries ?? []).map(({ der }) => der);
        const { rewrite } = change;
        return readingStore(change.path, () => rewrite(old));
      }
      expected = expectedOf(before, change);
      return readingStore(change.path, () => file.change(old, change, change.password));
    },
    check: async (path) => {
      if (change.mustBeNew && file.read(await readFile(path), change.password).privateKeys > 0)
        throw badFile(change.path, "There is a private key in it.");
      await check(path, expected);
    },
    mustBeNew: change.mustBeNew,
    now,
  });
};

const changeDatabase = async (change: Change, check: Check, now: Date): Promise<Replaced> => {
  const old = (await isNssStore(change.path)) ? await readOwn(formatFacts("nss"), change) : null;
  const expected = expectedOf(old, change);
  return changeNss(change.path, change, {
    ...change,
    check: (folder) => check(folder, trustWords(change.trust) === ",," ? [] : expected),
    now,
  });
};

/** The change is made and read back in a copy of the folder first; then file after file takes its place. */
const changeFolder = async (naming: FolderNaming, change: Change, check: Check, now: Date): Promise<Replaced> => {
  const { path } = change;
  const there = await stat(path).catch(() => null);
  if (there && !there.isDirectory()) throw notA("folder", path);
  const old = there ? await readFolderStore(path, naming) : { files: [], others: [] };
  if (change.mustBeNew && old.files.length + old.others.length > 0) throw notEmpty(path);
  const plan = planFolder(naming, old, change.add, change.goes);
  const entries = old.files.flatMap((one) => one.entries);
  const work = await mkdtemp(join(tmpdir(), "tokenglass-folder-"));
  try {
    for (const { name } of old.files) await cp(join(path, name), join(work, name), { dereference: true });
    await carryOut(work, plan, now);
    await check(work, expectedOf({ entries, privateKeys: 0, warnings: [] }, change));
    await mkdir(path, { recursive: true }).catch(cannot(path));
    const copy = old.files.length === 0 ? null : await copyFolder(path, now).catch(cannot(dirname(path)));
    await carryOut(path, plan, now).catch(async (thrown) => {
      await takeBack(path, plan, old);
      if (copy) await rm(copy, { recursive: true, force: true });
      return cannot(path)(thrown);
    });
    return { path, copy };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const copyFolder = (path: string, now: Date): Promise<string> =>
  keepCopy(path, now, async (copy) => {
    await mkdir(copy);
    await cp(path, copy, { recursive: true, verbatimSymlinks: true });
  });

/** A disk that is full is noticed while files are written, before any other goes: the new ones are taken away again. */
const takeBack = async (folder: string, { write }: FolderPlan, { files, others }: OpenedFolder): Promise<void> => {
  const before = new Set([...files.map(({ name }) => name), ...others]);
  for (const { name } of write) if (!before.has(name)) await rm(join(folder, name), { force: true });
};

const carryOut = async (folder: string, { write, rename: renamed, remove }: FolderPlan, now: Date): Promise<void> => {
  for (const { name, content } of write)
    await replaceFile(join(folder, name), {
      make: () => content,
      check: async () => {},
      mustBeNew: false,
      now,
      keep: false,
      followLink: false,
    });
  for (const [from, to] of renamed) await rename(join(folder, from), join(folder, to));
  for (const name of remove) await unlink(join(folder, name));
};

const cannot = (path: string) => (thrown: Error) => {
  if ("data" in thrown) throw thrown;
  throw failure("FILE_FAILED", {
    where: path,
    message: `The folder could not be changed: ${thrown.message}.`,
    remedy:
      "Choose a folder that you may write to. For the system's anchors, write to a folder of your own and copy the files as administrator.",
  });
};

const notEmpty = (path: string) =>
  failure("FILE_EXISTS", {
    where: path,
    message: "There are files in this folder already. Nothing was written.",
    remedy: "Choose another folder, or add to this one.",
  });

/** Removes by fingerprint. */
export const bySha256 = (wanted: readonly string[]) => {
  const set = new Set(wanted);
  return ({ der }: { der: Buffer }): boolean => set.has(sha256(der));
};
