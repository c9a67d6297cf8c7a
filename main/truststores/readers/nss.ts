import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commandLine } from "../../commands/shell-words.ts";
import { type ProgramReader, type SeenEntry, type StoreToRead, UnreadByProgram } from "./reader.ts";
import { runProgram } from "./run-program.ts";

/** Nickname, spaces, trust for TLS, mail and code. */
const line = /^(.*\S)\s+([a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*)\s*$/;

/** What `certutil -L` lists: each nickname with its trust. @throws UnreadByProgram */
export const listNss = async (folder: string): Promise<{ alias: string; words: string }[]> => {
  const text = await ask(["-L", "-d", `sql:${folder}`]);
  return text.split("\n").flatMap((one) => {
    const [, alias, words] = line.exec(one) ?? [];
    return alias && words && !words.includes("SSL") ? [{ alias, words }] : [];
  });
};

/** certutil's batch files have no way to write a quote, and it gives up on lines of some hundred bytes. */
export const fitsBatch = (word: string): boolean => !/["'\n]/.test(word) && Buffer.byteLength(word) <= 100;

export const certutil: ProgramReader = {
  reader: "certutil",
  title: "NSS certutil",
  program: "certutil",
  version: null,
  command: ({ path }) => `certutil -L -d ${commandLine([`sql:${path}`])}`,
  async read(store) {
    const names = [...new Set((await listNss(store.path)).map(({ alias }) => alias))];
    const batch = await printed(store, names.filter(fitsBatch));
    const rest: string[] = [];
    for (const name of names.filter((one) => !fitsBatch(one)))
      rest.push(`"${name}" []\n`, await ask(["-L", "-d", `sql:${store.path}`, "-n", name]));
    return seenIn(`${batch}\n${rest.join("")}`);
  },
};

/** Each nickname's chain, whose last line names it, and then its certificates: one process for all of them. */
const printed = async ({ path, scratch }: StoreToRead, names: string[]): Promise<string> => {
  if (names.length === 0) return "";
  const batch = join(scratch, "certutil.batch");
  await writeFile(batch, names.map((name) => `-O -n "${name}"\n-L -n "${name}"\n`).join(""));
  return ask(["-B", "-d", `sql:${path}`, "-i", batch]);
};

/** By a nickname certutil prints every certificate with its subject: such have the names of all of them. */
const seenIn = (text: string): SeenEntry[] => {
  const found = new Map<string, { aliases: Set<string>; words: string }>();
  let alias = "";
  for (const part of text.split(/\n(?=Certificate:\n|\s*".*" \[.*\]\n)/)) {
    alias = /^\s*"(.*)" \[.*\]/.exec(part)?.[1] ?? alias;
    const print = /Fingerprint \(SHA-256\):\s+([0-9A-F:]+)/.exec(part)?.[1];
    if (!print) continue;
    const sha256 = print.replaceAll(":", "").toLowerCase();
    const one = found.get(sha256) ?? { aliases: new Set<string>(), words: flagsIn(part) };
    one.aliases.add(alias);
    found.set(sha256, one);
  }
  return [...found].map(([sha256, { aliases, words }]) => ({
    alias: [...aliases].join(", "),
    sha256,
    trusted: /[CTP]/.test(words),
    words,
  }));
};

const flagLetters: Record<string, string> = { "Trusted CA": "C", "Trusted Client CA": "T", Trusted: "P", User: "u" };

/** "Certificate Trust Flags" in words, as the letters of the list: "CT,,". */
const flagsIn = (text: string): string => {
  const flags = text.split("Certificate Trust Flags:")[1] ?? "";
  return ["SSL Flags", "Email Flags", "Object Signing Flags"]
    .map((title) => {
      const [, section = ""] = new RegExp(`^ +${title}:\\n((?: {12}.*\\n?)*)`, "m").exec(flags) ?? [];
      return section
        .split("\n")
        .map((word) => flagLetters[word.trim()] ?? "")
        .join("");
    })
    .join(",");
};

const ask = async (words: string[]): Promise<string> => {
  const { code, output, errors } = await runProgram("certutil", words);
  if (code !== 0) throw new UnreadByProgram(errors.trim().split("\n").at(-1) ?? "");
  return output.toString("utf8");
};
