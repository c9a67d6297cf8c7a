import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { commandLine } from "../../commands/shell-words.ts";
import { sshStore } from "../formats/ssh.ts";
import { sha256 } from "../store-format.ts";
import { type ProgramReader, UnreadByProgram } from "./reader.ts";
import { runProgram } from "./run-program.ts";

export const sshKeygen: ProgramReader = {
  reader: "sshKeygen",
  title: "ssh-keygen",
  program: "ssh-keygen",
  version: null,
  command: ({ path }) => `ssh-keygen -l -f ${commandLine([path])}`,
  async read({ path }) {
    const { code, output, errors } = await runProgram("ssh-keygen", ["-l", "-E", "sha256", "-f", path]);
    if (code !== 0) throw new UnreadByProgram(errors.trim() || output.toString("utf8").trim());
    // ssh-keygen tells the fingerprint of the key in SSH's own encoding: ours of the same lines lead back to the keys.
    const known = new Map((await linesOf(path)).map(({ print, der }) => [print, der]));
    return output
      .toString("utf8")
      .split("\n")
      .flatMap((line) => {
        const [, print, comment = ""] = /^\d+ SHA256:(\S+) (.*)$/.exec(line) ?? [];
        const der = print && known.get(print);
        return print
          ? [{ alias: comment, sha256: der ? sha256(der) : null, trusted: true, words: `SHA256:${print}` }]
          : [];
      });
  },
};

const linesOf = async (path: string): Promise<{ print: string; der: Buffer }[]> =>
  (await readFile(path, "utf8")).split(/\r?\n/).flatMap((line) => {
    const blob = /(?:ssh|ecdsa|sk)-[a-z0-9@.-]+\s+(AAAA[A-Za-z0-9+/=]+)/.exec(line)?.[1];
    if (!blob) return [];
    const print = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64").replace(/=+$/, "");
    return sshStore.read(Buffer.from(line), null).entries.map(({ der }) => ({ print, der }));
  });
