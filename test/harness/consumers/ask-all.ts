import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Answer, Consumer, Question } from "./ask.ts";
import { askGnutls } from "./gnutls.ts";
import type { Authority } from "./issue-certificate.ts";
import { askJava } from "./java.ts";
import { askNss } from "./nss.ts";
import { askOpenssh } from "./openssh.ts";
import { askOpenssl } from "./openssl.ts";
import { alone } from "./store.ts";
import { startTlsServer, type TlsServer } from "./tls-server.ts";

/** Java is asked about all tokens at once, the others about each in a process of their own. */
const programs: Record<
  Exclude<Consumer, "java">,
  (question: Question, server: TlsServer, folder: string) => Promise<Answer>
> = {
  gnutls: askGnutls,
  openssl: askOpenssl,
  openssh: askOpenssh,
  nss: askNss,
};

export type Answers = Record<Consumer, Answer>;

/** Each program but Java about one token, which is alone in a store of its own. */
const askEach = async (question: Question, tokens: string, authority: Authority): Promise<Omit<Answers, "java">> => {
  const store = await alone(tokens, question.token.serial);
  const own = { ...question, environment: { ...question.environment, SOFTHSM2_CONF: store.configuration } };
  const ask = async (consumer: keyof typeof programs): Promise<Answer> => {
    const server = await startTlsServer(authority);
    try {
      return await programs[consumer](own, server, await mkdtemp(join(store.folder, `${consumer}-`)));
    } finally {
      await server.close();
    }
  };
  try {
    // One after the other: SoftHSM finds no token now and then while another process logs in to it.
    return {
      gnutls: await ask("gnutls"),
      openssl: await ask("openssl"),
      openssh: await ask("openssh"),
      nss: await ask("nss"),
    };
  } finally {
    await store.remove();
  }
};

/**
 * Asks all programs about keys, each on a token of its own in one SoftHSM store.
 * @param tokens folder with the store's tokens. @returns answers in the order of the questions
 */
export const askAll = async (
  questions: readonly Question[],
  tokens: string,
  authority: Authority,
): Promise<Answers[]> => {
  const java = await askJava(questions, authority);
  const answers: Answers[] = [];
  for (const [index, question] of questions.entries()) {
    const ofJava = java[index];
    if (!ofJava) throw new Error("Java was not asked");
    answers.push({ java: ofJava, ...(await askEach(question, tokens, authority)) });
  }
  return answers;
};
