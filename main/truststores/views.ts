import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreReader, StoreView } from "../../preload/contract/truststores.ts";
import { toErrorData } from "../pkcs11/failure.ts";
import { findProgram } from "../recording/find-program.ts";
import { readFolderStore } from "./folder-store.ts";
import { type FormatFacts, formatFacts } from "./format-table.ts";
import { readNss } from "./nss-store.ts";
import { javaTrustManager, keytool } from "./readers/java.ts";
import { certutil } from "./readers/nss.ts";
import { openssl } from "./readers/openssl.ts";
import { type ProgramReader, type SeenEntry, type StoreToRead, UnreadByProgram } from "./readers/reader.ts";
import { runProgram } from "./readers/run-program.ts";
import { sshKeygen } from "./readers/ssh.ts";
import { trust } from "./readers/trust.ts";
import { contentOf } from "./store-content.ts";
import { type OpenedStore, readingStore, sha256 } from "./store-format.ts";
import type { TrustModules } from "./trust-modules.ts";

const programReaders: ProgramReader[] = [keytool, javaTrustManager, openssl, certutil, trust, sshKeygen];

/** Our own reading of a store on disk. @throws Failure */
export const readOwn = async (
  facts: FormatFacts,
  { path, password, modules }: Pick<StoreToRead, "path" | "password" | "modules">,
): Promise<OpenedStore> => {
  const { file } = facts;
  if (file) {
    const content = await contentOf(path);
    return readingStore(path, () => file.read(content, password));
  }
  if (!facts.folder) return readNss(path, modules);
  const { files } = await readFolderStore(path, facts.folder);
  return { entries: files.flatMap(({ entries }) => entries), privateKeys: 0, warnings: [] };
};

/**
 * What every reader of a format sees in a store.
 * @param store `expected` is what should be there and trusted; `shownAs` the path that the store will have
 */
export const viewsOf = async (store: Omit<StoreToRead, "scratch"> & { shownAs?: string }): Promise<StoreView[]> => {
  const facts = formatFacts(store.format);
  const scratch = await mkdtemp(join(tmpdir(), "tokenglass-store-"));
  try {
    const programs = facts.readers.flatMap((reader) => programReaders.filter((one) => one.reader === reader));
    const views = await Promise.all([
      ownView(facts, store),
      ...programs.map((program) => programView(program, { ...store, scratch })),
    ]);
    const { path, shownAs } = store;
    return shownAs === undefined
      ? views
      : views.map((view) => ({ ...view, words: view.words.replaceAll(path, shownAs) }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

const ownView = async (facts: FormatFacts, store: Omit<StoreToRead, "scratch">): Promise<StoreView> => {
  const base = { reader: "own" as const, title: "Tokenglass", command: "" };
  try {
    const { entries } = await readOwn(facts, store);
    const seen = entries.map(({ alias, der, trusted }) => ({
      alias,
      sha256: sha256(der),
      trusted,
      words: trusted ? "trusted" : "not marked as trusted",
    }));
    return judged(base, seen, store.expected);
  } catch (thrown) {
    return {
      ...base,
      verdict: "failed",
      words: toErrorData(thrown, store.path).message,
      entries: [],
      missing: hashes(store),
    };
  }
};

const programView = async (
  program: ProgramReader,
  { shownAs, ...store }: StoreToRead & { shownAs?: string },
): Promise<StoreView> => {
  const command = program.command({ ...store, path: shownAs ?? store.path });
  const base = { reader: program.reader, title: program.title, command };
  if (!(await isHere(program, store.modules)))
    return {
      ...base,
      verdict: "notInstalled",
      words: `${typeof program.program === "string" ? program.program : program.title} is not installed here.`,
      entries: [],
      missing: [],
    };
  try {
    return judged(base, await program.read(store), store.expected);
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    const words = thrown instanceof UnreadByProgram ? thrown.message : `It could not be asked: ${thrown.message}`;
    return { ...base, verdict: "failed", words, entries: [], missing: hashes(store) };
  }
};

const isHere = async ({ program }: ProgramReader, modules: TrustModules): Promise<boolean> =>
  (typeof program === "string" ? await findProgram(program, "/") : await modules.find(program.module)) !== null;

const hashes = ({ expected }: { expected: readonly Buffer[] }): string[] => expected.map(sha256);

const judged = (
  base: Pick<StoreView, "reader" | "title" | "command">,
  seen: SeenEntry[],
  expected: readonly Buffer[],
): StoreView => {
  const trusted = new Set(seen.filter((one) => one.trusted).map((one) => one.sha256));
  const missing = [...new Set(expected.map(sha256))].filter((one) => !trusted.has(one));
  const count = `${trusted.size} ${trusted.size === 1 ? "entry" : "entries"}`;
  return missing.length === 0
    ? { ...base, verdict: "seen", words: `Sees ${count}, all of them by fingerprint.`, entries: seen, missing }
    : {
        ...base,
        verdict: "notSeen",
        words: `Sees ${count} as trusted; ${missing.length} of ${expected.length} ${missing.length === 1 ? "is" : "are"} not among them.`,
        entries: seen,
        missing,
      };
};

/** Which readers are here, and their versions. */
export const installedReaders = async (
  modules: TrustModules,
): Promise<{ reader: StoreReader; title: string; installed: boolean; version: string }[]> =>
  Promise.all(
    programReaders.map(async (one) => {
      const { reader, title, program, version } = one;
      const installed = await isHere(one, modules);
      if (!installed || !version || typeof program !== "string") return { reader, title, installed, version: "" };
      const { output, errors } = await runProgram(program, version.words, { seconds: 10 });
      return { reader, title, installed, version: version.pattern.exec(output.toString("utf8") + errors)?.[1] ?? "" };
    }),
  );
