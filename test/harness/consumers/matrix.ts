import { spawnSync } from "node:child_process";
import { type Answer, type Consumer, consumers, type KeyType } from "./ask.ts";
import { type Answers, askAll } from "./ask-all.ts";
import { type Breakage, breakages } from "./breakages.ts";
import { brokenTokens, type Case } from "./broken-tokens.ts";
import { newAuthority } from "./issue-certificate.ts";
import { newStore } from "./store.ts";

/** What programs answered about one broken link. */
export interface MatrixRow {
  key: KeyType;
  breakage: string;
  title: string;
  /** One answer; several where it is chance which is given, in no order. */
  answers: Record<Consumer, Answer[]>;
}

export interface Matrix {
  programs: Record<Consumer, string>;
  rows: MatrixRow[];
}

/** Every breakage for the two usual types of keys; for the others what depends on the type. */
const everyBreakage: readonly KeyType[] = ["P-256", "RSA"];
const otherTypes: readonly KeyType[] = ["P-384", "P-521", "secp256k1", "brainpoolP256r1", "Ed25519"];
const byType = ["linked", "no-certificate", "certificate-other-id", "no-public-key", "private-key-alone"];

/** How often it is asked where the answer is chance: one of two is missed once in 2^11. */
const timesOfChance = 12;

export const matrixCases = (): Case[] => [
  ...everyBreakage.flatMap((type) => breakages.map((breakage) => ({ breakage, type }))),
  ...otherTypes.flatMap((type) =>
    breakages.filter(({ name }) => byType.includes(name)).map((breakage) => ({ breakage, type })),
  ),
];

const times = ({ chance }: Breakage): number => (chance ? timesOfChance : 1);

/** An answer's fields alone, in one order, so that equal answers are equal text. */
const plain = ({ finds, publicKey, certificate, signs, client, words }: Answer): Answer => ({
  finds,
  publicKey,
  certificate,
  signs,
  client,
  words,
});

const distinct = (answers: readonly Answer[]): Answer[] =>
  [...new Set(answers.map((answer) => JSON.stringify(plain(answer))))].sort().map((text) => JSON.parse(text));

const versionCommands: Record<Consumer, [string, ...string[]]> = {
  java: ["java", "--version"],
  gnutls: ["p11tool", "--version"],
  openssl: ["openssl", "version"],
  openssh: ["ssh", "-V"],
  // Its programs do not say their version.
  nss: ["grep", "-aoPm1", "Version: \\KNSS [\\d.]+", "/usr/lib/x86_64-linux-gnu/libnss3.so"],
};

const version = ([command, ...args]: [string, ...string[]]): string => {
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return `${stdout}${stderr}`.split("\n")[0]?.trim() ?? "";
};

/** Whether the programs here are those of a matrix. */
export const sameVersions = ({ programs }: Matrix): boolean =>
  consumers.every((consumer) => version(versionCommands[consumer]) === programs[consumer]);

/** Breaks the link in each way and asks every program. Takes about a minute. */
export const makeMatrix = async (): Promise<Matrix> => {
  const store = await newStore();
  try {
    const authority = newAuthority();
    const cases = matrixCases();
    const repeated = cases.flatMap((each) => Array<Case>(times(each.breakage)).fill(each));
    const asked = await brokenTokens(store, repeated, authority);
    const answers = await askAll(
      asked.map(({ question }) => question),
      store.tokens,
      authority,
    );
    const of = (wanted: Case): Answers[] => answers.filter((_, index) => repeated[index] === wanted);
    const each = <T>(value: (consumer: Consumer) => T) =>
      Object.fromEntries(consumers.map((consumer) => [consumer, value(consumer)])) as Record<Consumer, T>;
    return {
      programs: each((consumer) => version(versionCommands[consumer])),
      rows: cases.map((wanted) => ({
        key: wanted.type,
        breakage: wanted.breakage.name,
        title: wanted.breakage.title,
        answers: each((consumer) => distinct(of(wanted).map((answer) => answer[consumer]))),
      })),
    };
  } finally {
    await store.remove();
  }
};
