import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commandLine } from "../../commands/shell-words.ts";
import { pem } from "../../x509/pem.ts";
import { readPemStore } from "../formats/pem.ts";
import { sha256 } from "../store-format.ts";
import { type ProgramReader, type SeenEntry, type StoreToRead, UnreadByProgram } from "./reader.ts";
import { runProgram } from "./run-program.ts";

/** What openssl prints of a store, as PEM. */
const printing: Partial<Record<StoreToRead["format"], (store: StoreToRead) => { words: string[]; input?: string }>> = {
  der: ({ path }) => ({ words: ["x509", "-inform", "DER", "-in", path] }),
  pkcs7Der: ({ path }) => ({ words: ["pkcs7", "-inform", "DER", "-print_certs", "-in", path] }),
  pkcs7Pem: ({ path }) => ({ words: ["pkcs7", "-print_certs", "-in", path] }),
  pkcs12: ({ path, password }) => ({
    words: ["pkcs12", "-nokeys", "-passin", "stdin", "-in", path],
    input: `${password ?? ""}\n`,
  }),
};

/** Formats that openssl takes as trust anchors. */
const anchors: Partial<Record<StoreToRead["format"], "-CAfile" | "-CApath">> = {
  pem: "-CAfile",
  gskit: "-CAfile",
  racf: "-CAfile",
  opensslDirectory: "-CApath",
  pemEach: "-CAfile",
  debianAnchors: "-CAfile",
  redHatAnchors: "-CAfile",
};

const isFolderOfFiles = ({ format }: StoreToRead): boolean =>
  format === "pemEach" || format === "debianAnchors" || format === "redHatAnchors";

/** One file after the other, as update-ca-certificates makes its bundle. */
const bundleOf = async ({ path, scratch }: StoreToRead): Promise<string> => {
  const names = (await readdir(path)).filter((name) => /\.(crt|pem)$/.test(name)).sort();
  const contents = await Promise.all(names.map((name) => readFile(join(path, name))));
  const bundle = join(scratch, "bundle.pem");
  await writeFile(bundle, Buffer.concat(contents.flatMap((content) => [content, Buffer.from("\n")])));
  return bundle;
};

export const openssl: ProgramReader = {
  reader: "openssl",
  title: "OpenSSL",
  program: "openssl",
  version: { words: ["version"], pattern: /OpenSSL (\S+)/ },
  command: (store) => {
    const option = anchors[store.format];
    if (option) return `openssl verify ${option} ${commandLine([store.path])} -partial_chain CERTIFICATE`;
    const print = printing[store.format];
    return print ? `openssl ${commandLine(print(store).words)}` : "";
  },
  read: (store) => (anchors[store.format] ? verified(store) : printed(store)),
};

const printed = async (store: StoreToRead): Promise<SeenEntry[]> => {
  const print = printing[store.format]?.(store);
  if (!print) return [];
  const { code, output, errors } = await runProgram("openssl", print.words, print);
  if (code !== 0) throw new UnreadByProgram(errors.trim().split("\n").at(0) ?? "");
  return readPemStore("openssl", output).entries.map(({ der }) => ({
    alias: "",
    sha256: sha256(der),
    trusted: true,
    words: "read",
  }));
};

/** Each certificate is verified against the store: whether it is an anchor in it. Expired ones are, too. */
const verified = async (store: StoreToRead): Promise<SeenEntry[]> => {
  const option = anchors[store.format] ?? "-CAfile";
  const files = await Promise.all(
    store.expected.map(async (der, i) => {
      const path = join(store.scratch, `expected-${i}.pem`);
      await writeFile(path, pem("CERTIFICATE", der));
      return path;
    }),
  );
  const path = isFolderOfFiles(store) ? await bundleOf(store) : store.path;
  const { output, errors } = await runProgram("openssl", [
    "verify",
    "-no_check_time",
    "-partial_chain",
    // Without these the system's own store would answer.
    ...["-no-CAfile", "-no-CApath", "-no-CAstore"].filter((word) => word !== `-no${option}`),
    option,
    path,
    ...files,
  ]);
  const good = new Set(output.toString("utf8").split("\n"));
  const seen = store.expected.filter((_, i) => good.has(`${files[i]}: OK`));
  if (seen.length === 0 && /Error loading|unable to load/i.test(errors))
    throw new UnreadByProgram(errors.trim().split("\n").at(0) ?? "");
  return seen.map((der) => ({ alias: "", sha256: sha256(der), trusted: true, words: "an anchor" }));
};
