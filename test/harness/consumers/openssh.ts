import { createPublicKey } from "node:crypto";
import { chmod, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { opensshLine } from "../../../main/objects/openssh.ts";
import type { Answer, Question } from "./ask.ts";
import { runProgram } from "./run-program.ts";
import type { TlsServer } from "./tls-server.ts";
import { wordsOf } from "./words.ts";

/**
 * OpenSSH: `ssh-keygen -D` lists public keys, and asks for the PIN only if it sees none without; an agent that was given the module signs (`ssh-add -T`).
 */
export const askOpenssh = async (question: Question, _server: TlsServer, folder: string): Promise<Answer> => {
  const { module } = question;
  const wanted = publicLine(question);
  const publicFile = join(folder, "key.pub");
  const asker = join(folder, "tell-pin");
  await writeFile(publicFile, `${wanted ?? ""}\n`);
  await writeFile(asker, `#!/bin/sh\nexec cat ${question.pinFile}\n`);
  await chmod(asker, 0o700);
  const environment = { ...question.environment, SSH_ASKPASS: asker, SSH_ASKPASS_REQUIRE: "force" };
  const listed = await runProgram("ssh-keygen", ["-D", module], { environment });
  const finds = wanted !== null && listed.stdout.includes(wanted);
  // One agent for one question; it ends with the shell that it starts.
  const script = `ssh-add -q -s "$1" </dev/null >/dev/null && ssh-add -L && ssh-add -T "$2"`;
  const agent = await runProgram(
    "ssh-agent",
    ["-P", await realpath(module), "sh", "-c", script, "sh", module, publicFile],
    { environment },
  );
  const signs = wanted !== null && agent.status === 0;
  return { finds, publicKey: finds, certificate: null, signs, client: null, words: wordsOf(agent) || wordsOf(listed) };
};

const publicLine = ({ key }: Question): string | null =>
  opensshLine(createPublicKey({ key: key.spki, format: "der", type: "spki" }), "")?.trim() ?? null;
