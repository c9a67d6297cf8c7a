import { readFile } from "node:fs/promises";
import type { Answer, Question } from "./ask.ts";
import type { Authority } from "./issue-certificate.ts";
import { runProgram } from "./run-program.ts";
import { isCertificateOf, isSignedBy, message } from "./signature.ts";
import { startTlsServer, type TlsServer } from "./tls-server.ts";

const program = new URL("AskJava.java", import.meta.url).pathname;

/** What Java saw of one token. */
export interface JavaAnswer extends Answer {
  /** Private key entries, whosever. */
  keyEntries: number;
  certificateEntries: number;
}

/**
 * Java's key store on tokens of one module: lists, signs, and is a TLS client that chooses its certificate by itself.
 * All in one run of Java; tokens of one store, since a process has one configuration.
 * @returns an answer for each question, in order
 */
export const askJava = async (questions: readonly Question[], authority: Authority): Promise<JavaAnswer[]> => {
  const [first] = questions;
  if (!first) return [];
  const servers = await Promise.all(questions.map(() => startTlsServer(authority)));
  const lines = questions.map(({ token }, index) => `${token.slot} ${servers[index]?.port}`);
  const pin = await readFile(first.pinFile, "utf8");
  const input = [pin, first.module, message.toString("base64"), ...lines, ""].join("\n");
  const ran = await runProgram("java", ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", program], {
    environment: first.environment,
    input,
  });
  if (ran.status !== 0) throw new Error(`Java ended with ${ran.status}: ${ran.stderr}`);
  const said = ran.stdout.split("\n").map((line) => line.split("\t"));
  const answers = questions.map((question, index) =>
    answerOf(
      question,
      said.filter(([slot]) => slot === String(question.token.slot)),
      servers[index],
    ),
  );
  await Promise.all(servers.map((server) => server.close()));
  return answers;
};

const answerOf = (question: Question, lines: string[][], server: TlsServer | undefined): JavaAnswer => {
  const of = (kind: string) => lines.filter(([, each]) => each === kind);
  if (of("end").length !== 1) throw new Error(`Java did not come to an end with slot ${question.token.slot}`);
  // An entry is its certificate: Java knows the key by nothing else.
  const entry = of("key").find(([, , , certificate = ""]) =>
    isCertificateOf(question, Buffer.from(certificate, "base64")),
  );
  const signature = Buffer.from(entry?.[5] ?? "", "base64");
  return {
    finds: entry !== undefined,
    publicKey: entry !== undefined,
    certificate: entry !== undefined,
    signs: entry !== undefined && isSignedBy(question, message, signature),
    client: question.certificate === null ? null : (server?.seen(question.certificate) ?? null),
    keyEntries: of("key").length,
    certificateEntries: of("certificate").length,
    words: of("error")
      .map(([, , step, text]) => `${step}: ${text}`)
      .join(" | ")
      .slice(0, 240),
  };
};
