import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute } from "node:path";
import type { Output } from "../../preload/contract/index.ts";
import type { StoreFormat, StoreSource } from "../../preload/contract/truststores.ts";
import type { HandlersOf } from "../dispatch.ts";
import { needFolder, withHome } from "../files/folder.ts";
import type { Modules } from "../modules/modules.ts";
import { reading } from "../objects/import/file-failures.ts";
import { failure } from "../pkcs11/failure.ts";
import { findProgram } from "../recording/find-program.ts";
import { bySha256, type Change, changeStore } from "./change-store.ts";
import { collect, type Gathered, gatherFile } from "./collect.ts";
import { formatOfFile, formatOfFolder } from "./detect.ts";
import { describeEntry } from "./entry.ts";
import { formatFacts, storeFormatTable } from "./format-table.ts";
import { markTrusted } from "./formats/pkcs12.ts";
import { nextSteps } from "./next-steps.ts";
import { isNssStore } from "./nss-store.ts";
import { storePrograms } from "./programs.ts";
import type { StoreToRead } from "./readers/reader.ts";
import { contentOf, noFile } from "./store-content.ts";
import { type StoredEntry, sha256 } from "./store-format.ts";
import { gatherToken } from "./token-source.ts";
import { trustModules } from "./trust-modules.ts";
import { installedReaders, readOwn, viewsOf } from "./views.ts";

type Written = Output<"truststores.write">;
type Store = Omit<StoreToRead, "expected" | "scratch">;

const noTrust = { servers: "authority", mail: "none", code: "none" } as const;

export const truststoreHandlers = (modules: Modules): HandlersOf<"truststores"> => {
  /** SHA-256 of what came from a server's handshake, as far as this run of the app has seen. */
  const handshakes = new Set<string>();
  const trusting = trustModules(modules);
  const storeOf = ({ format, password = null }: { format: StoreFormat; password?: string | null | undefined }) => ({
    format,
    password,
    modules: trusting,
  });

  const gather = async (source: StoreSource): Promise<Gathered> => {
    if (source.kind === "token") return gatherToken(modules, source);
    const password = source.password ?? null;
    if (source.kind === "file") return gatherFile(source.fileName, Buffer.from(source.content, "base64"), password);
    const path = wholePath(source.path);
    return gatherFile(basename(path), await contentOf(path), password);
  };

  return {
    "truststores.formats": async () => ({
      formats: await Promise.all(
        storeFormatTable.map(async ({ file: _, folder, ...facts }) => ({
          ...facts,
          folder: folder !== null || facts.format === "nss",
          available: facts.needs === null || (await findProgram(facts.needs, "/")) !== null,
        })),
      ),
      readers: await installedReaders(trusting),
    }),
    "truststores.programs": () => ({ programs: storePrograms }),
    "truststores.collect": async ({ sources }) => {
      const collected = await collect(sources, gather);
      for (const { fromHandshake, sha256: print } of collected.entries) if (fromHandshake) handshakes.add(print);
      return collected;
    },
    "truststores.write": async (input) => {
      const path = wholePath(input.path);
      await needFolder(dirname(path), input.createFolder);
      const add = input.entries.map(entryOf(input));
      const unconfirmed = add
        .map(({ der }) => sha256(der))
        .filter((print) => handshakes.has(print) && !input.confirmed.includes(print));
      if (unconfirmed.length > 0) throw notConfirmed(unconfirmed);
      const old = input.mode === "add" ? await entriesIn({ ...storeOf(input), path }) : [];
      const taken = new Set(old.filter(({ trusted }) => trusted).map(({ der }) => sha256(der)));
      const fresh = new Map<string, StoredEntry>();
      for (const entry of add) {
        const print = sha256(entry.der);
        if (!taken.has(print) && !fresh.has(print)) fresh.set(print, entry);
      }
      if (fresh.size === 0 && input.mode === "add") return unchanged({ ...storeOf(input), path }, add);
      const isAdded = bySha256([...fresh.keys()]);
      // What is there but not trusted makes way for the same as trusted.
      const goes = (entry: StoredEntry) => input.mode === "replace" || isAdded(entry);
      const change = changeFor({ ...storeOf(input), path }, { add: [...fresh.values()], goes });
      const result = await written({ ...change, mustBeNew: input.mode === "new", trust: input.nss ?? noTrust });
      const left = add.length - fresh.size;
      if (left > 0)
        result.warnings.push(
          `${left} ${left === 1 ? "is" : "are"} in it already, or named twice, and ${left === 1 ? "was" : "were"} not written again.`,
        );
      return result;
    },
    "truststores.read": async ({ path: wanted, password }) =>
      readStore({ path: wholePath(wanted), password: password ?? null, modules: trusting }),
    "truststores.remove": async (input) => {
      const path = wholePath(input.path);
      const already = new Set((await entriesIn({ ...storeOf(input), path })).map(({ der }) => sha256(der)));
      const unknown = input.sha256.filter((print) => !already.has(print));
      if (unknown.length > 0)
        throw failure("OBJECT_GONE", {
          where: path,
          message: `There is no certificate with the fingerprint ${unknown[0]} in this store. Nothing was changed.`,
          remedy: "Read the store again.",
        });
      return written(changeFor({ ...storeOf(input), path }, { add: [], goes: bySha256(input.sha256) }));
    },
    "truststores.repair": async ({ path: wanted, password }) => {
      const path = wholePath(wanted);
      const rewrite = (old: Buffer): Buffer => {
        const marked = markTrusted(old, password ?? "");
        if (marked) return marked;
        throw failure("REFUSED", {
          where: path,
          message: "There is nothing to repair in this file.",
          remedy: "Read it: what its consumers see is shown there.",
        });
      };
      const change = changeFor({ ...storeOf({ format: "pkcs12", password }), path }, { add: [], goes: () => false });
      return written({ ...change, rewrite });
    },
  };
};

const changeFor = (store: Store, change: Pick<Change, "add" | "goes">): Change => ({
  ...change,
  ...store,
  mustBeNew: false,
  trust: noTrust,
});

const written = async (change: Change): Promise<Written> => {
  const { outcome, path, copy, views } = await changeStore(change);
  const next = outcome === "written" ? nextSteps(change.format, path, change.add) : [];
  const warnings = views
    .filter(({ verdict }) => verdict === "notInstalled")
    .map(({ words }) => `${words} What it sees was not checked.`);
  return { path, copy, outcome, views, warnings, next };
};

/** All of it is there already: the store is read back, and not written again. */
const unchanged = async (store: Store, expected: readonly StoredEntry[]): Promise<Written> => {
  const views = await viewsOf({ ...store, expected: expected.map(({ der }) => der) });
  const good = views.every(({ verdict }) => verdict === "seen" || verdict === "notInstalled");
  const warnings = ["All of it was in the store already: nothing was written."];
  return { path: store.path, copy: null, outcome: good ? "written" : "notSeenByItsReader", views, warnings, next: [] };
};

const entryOf =
  ({ format }: { format: StoreFormat }) =>
  ({ alias, content, kind }: { alias: string; content: string; kind: StoredEntry["kind"] }): StoredEntry => {
    const entry: StoredEntry = { alias, kind, der: Buffer.from(content, "base64"), trusted: true };
    const { holds, title } = formatFacts(format);
    if ((holds === "certificates") !== (kind === "certificate"))
      throw failure("REFUSED", {
        where: alias || "entry",
        message:
          holds === "certificates"
            ? `${title} holds certificates, and this is a bare public key.`
            : `${title} holds public keys, and this is a certificate.`,
        remedy: "Choose another kind of store.",
      });
    // Throws for what is no certificate and no public key, private keys above all.
    reading(alias || "entry", () => describeEntry(entry, { origin: alias || "entry" }));
    return entry;
  };

/** The entries of a store that is there, none of one that is not. */
const entriesIn = async (store: Store): Promise<StoredEntry[]> => {
  if (!(await stat(store.path).catch(() => null))) return [];
  if (store.format === "nss" && !(await isNssStore(store.path))) return [];
  return (await readOwn(formatFacts(store.format), store)).entries;
};

const readStore = async (wanted: Omit<Store, "format">): Promise<Output<"truststores.read">> => {
  const { path } = wanted;
  const found = await stat(path).catch(() => null);
  if (!found) throw noFile(path);
  const format = found.isDirectory() ? await formatOfFolder(path) : formatOfFile(path, await contentOf(path));
  const facts = formatFacts(format);
  const { entries, privateKeys, warnings } = await readOwn(facts, wanted);
  const views = await viewsOf({ ...wanted, format, expected: entries.map(({ der }) => der) });
  const unmarked = entries.filter(({ trusted }) => !trusted).length;
  const repairable = format === "pkcs12" && unmarked > 0 && privateKeys === 0;
  return {
    format,
    title: facts.title,
    entries: entries.map((entry) => reading(path, () => describeEntry(entry, { origin: basename(path) }))),
    privateKeys,
    views,
    repair: repairable
      ? `Java sees ${unmarked === entries.length ? "no trusted entry" : `${unmarked} fewer`} in it: the certificates lack Java's mark of trust. It can be added to ${unmarked === 1 ? "the one" : `all ${unmarked}`}; nothing else changes, and a copy is kept.`
      : null,
    warnings,
  };
};

const wholePath = (path: string): string => {
  const whole = withHome(path.trim());
  if (isAbsolute(whole)) return whole;
  throw failure("FILE_FAILED", {
    where: path,
    message: "This is not the whole path.",
    remedy: "Give the path from the root (/home/you/trusted.p12), or from your own folder (~/trusted.p12).",
  });
};

const notConfirmed = (prints: string[]) =>
  failure("REFUSED", {
    where: prints.join(", "),
    message:
      "This certificate came from a server's own handshake: whoever stands in between can send any. Trusting it unseen would trust them.",
    remedy: "Get its fingerprint from the server's owner by another way, compare, and confirm it.",
  });
