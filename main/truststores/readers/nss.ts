import { commandLine } from "../../commands/shell-words.ts";
import { readPemStore } from "../formats/pem.ts";
import { sha256 } from "./openssl.ts";
import { type ProgramReader, type SeenEntry, UnreadByProgram } from "./reader.ts";
import { runProgram } from "./run-program.ts";

/** Nickname, spaces, trust for TLS, mail and code. */
const line = /^(.*\S)\s+([a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*)\s*$/;

export const certutil: ProgramReader = {
  reader: "certutil",
  title: "NSS certutil",
  program: "certutil",
  version: { words: ["--version"], pattern: /(?!)/ },
  command: ({ path }) => `certutil -L -d ${commandLine([`sql:${path}`])}`,
  async read({ path }) {
    const listed = await ask(["-L", "-d", `sql:${path}`]);
    const names = listed
      .toString("utf8")
      .split("\n")
      .map((text) => line.exec(text))
      .filter((found) => found !== null && !found[2]?.includes("SSL"));
    const seen: SeenEntry[] = [];
    for (const [, alias = "", trust = ""] of names.filter((found) => found !== null)) {
      const pem = await ask(["-L", "-d", `sql:${path}`, "-n", alias, "-a"]);
      for (const { der } of readPemStore(alias, pem).entries)
        seen.push({ alias, der, sha256: sha256(der), trusted: /[CTP]/.test(trust), words: trust });
    }
    return seen;
  },
};

const ask = async (words: string[]): Promise<Buffer> => {
  const { code, output, errors } = await runProgram("certutil", words);
  if (code !== 0) throw new UnreadByProgram(errors.trim().split("\n").at(-1) ?? "");
  return output;
};
