import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConsumerName, LinkGroup } from "../../preload/contract/links.ts";
import { openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { type Consumer, consumers, type KeyType, type Question, seesOf } from "../harness/consumers/ask.ts";
import { type Answers, askAll } from "../harness/consumers/ask-all.ts";
import { breakages } from "../harness/consumers/breakages.ts";
import { type Asked, brokenTokens, type Case } from "../harness/consumers/broken-tokens.ts";
import { consumersMissing, needsConsumers } from "../harness/consumers/installed.ts";
import { newAuthority } from "../harness/consumers/issue-certificate.ts";
import { askKeytool } from "../harness/consumers/keytool.ts";
import { type Matrix, sameVersions } from "../harness/consumers/matrix.ts";
import { newStore, type Store } from "../harness/consumers/store.ts";
import { softHsmLibrary } from "../harness/softhsm-writer.ts";

/**
 * The link doctor against the programs themselves: the link of a key is broken in each way, each program is asked, and the
 * doctor's verdict must be what the program says; then it is repaired, and all are asked again.
 */

const doctors: Record<Consumer, ConsumerName> = {
  java: "java",
  gnutls: "gnutls",
  openssl: "openssl-engine",
  openssh: "openssh",
  nss: "nss",
};

/** Where RSA keys, which tell their public key by themselves, fare otherwise than EC keys. */
const otherForRsa = [
  "linked",
  "no-certificate",
  "no-public-key",
  "private-key-alone",
  "private-key-other-id",
  "private-key-without-id",
  "certificate-of-another-key",
];
const linkedOnly: KeyType[] = ["P-384", "P-521", "secp256k1", "brainpoolP256r1", "Ed25519"];

const cases: Case[] = [
  ...breakages.map((breakage) => ({ breakage, type: "P-256" as const })),
  ...breakages.filter(({ name }) => otherForRsa.includes(name)).map((breakage) => ({ breakage, type: "RSA" as const })),
  ...linkedOnly.flatMap((type) =>
    breakages.filter(({ name }) => name === "linked").map((breakage) => ({ breakage, type })),
  ),
];

/** What the doctor's repairs mend so that nothing is left to be wished for. */
const mended = [
  "certificate-other-id",
  "certificate-without-id",
  "certificate-other-label",
  "certificate-other-id-and-label",
  "certificate-bare",
  "certificate-of-another-key-beside",
  "no-public-key",
  "public-key-other-id",
  "public-key-other-label",
  "private-key-other-id",
  "private-key-without-id",
  "private-key-other-label",
  "sign-not-allowed",
  "two-private-keys",
  "no-ids",
];

const titleOf = ({ breakage, type }: Case): string => `${type}: ${breakage.title}`;

let app: TestApp;
let store: Store;
let module: string;
let matrix: Matrix;
const authority = newAuthority();

const tokenOf = ({ token: { serial, label } }: Question) => ({ module, token: { serial, label } });

/** The doctor's word on the key asked about, after a test signature of every key on the token. */
const examine = async (question: Question): Promise<LinkGroup> => {
  const at = tokenOf(question);
  await app.call("links.prove", at);
  const { groups } = await app.call("links.examine", at);
  const { id, label } = question.key;
  const found = groups.find(({ privateKey }) => privateKey?.id === id && privateKey.label === label);
  if (!found) throw new Error(`the doctor shows no private key ${label} with CKA_ID ${id}`);
  return found;
};

const verdictOf = (group: LinkGroup, consumer: Consumer) => {
  const verdict = group.verdicts.find((each) => each.consumer === doctors[consumer]);
  if (!verdict) throw new Error(`no verdict for ${consumer}`);
  return verdict;
};

/**
 * What a program is expected to be said to see. Where it is chance what it takes, that it may go wrong; where it hangs on
 * which CAs the server knows, which is not on the token, the doctor says so in a note.
 */
const expected = (consumer: Consumer, { breakage, type }: Case, answers: Answers, group: LinkGroup) => {
  const chance = recordedOf({ breakage, type }, consumer).length > 1;
  if (chance) return "partly";
  const noted = verdictOf(group, consumer).reasons.some(({ rule }) => rule === "chain-missing");
  if (breakage.name === "chain-missing" && noted) return "yes";
  return seesOf(answers[consumer]);
};

const recordedOf = ({ breakage, type }: Case, consumer: Consumer) =>
  matrix.rows.find((row) => row.key === type && row.breakage === breakage.name)?.answers[consumer] ?? [];

/** Verdicts and expected verdicts, program by program, with reasons and answers for whoever reads a failure. */
const comparison = (each: Case, answers: Answers, group: LinkGroup) =>
  consumers.map((consumer) => {
    const { sees, reasons } = verdictOf(group, consumer);
    const about = {
      consumer,
      reasons: reasons.map(({ rule, effect }) => `${rule}: ${effect}`),
      answer: answers[consumer],
    };
    return { said: { ...about, sees }, is: { ...about, sees: expected(consumer, each, answers, group) } };
  });

describe.runIf(consumersMissing.length === 0)("the link doctor and the programs", needsConsumers, () => {
  let asked: Asked[];
  let answers: Answers[];

  beforeAll(async () => {
    app = await openTestApp();
    store = await newStore();
    matrix = JSON.parse(await readFile(new URL("../fixtures/consumers/matrix.json", import.meta.url), "utf8"));
    asked = await brokenTokens(store, cases, authority);
    answers = await askAll(questions(asked), store.tokens, authority);
    const sha256 = createHash("sha256")
      .update(await readFile(softHsmLibrary))
      .digest("hex");
    const environment = { SOFTHSM2_CONF: store.configuration };
    module = (await app.call("modules.add", { path: softHsmLibrary, sha256, environment })).id;
    for (const { question } of asked)
      await app.call("tokens.login", { ...tokenOf(question), who: "user", pin: testPins.user });
  }, 300_000);
  afterAll(async () => {
    await app?.close();
    await store?.remove();
  });

  const questions = (of: readonly Asked[]) => of.map(({ question }) => question);

  test.each(cases.map((each, index) => [titleOf(each), index] as const))(
    "%s: said and seen agree",
    async (_, index) => {
      const each = asked[index] as Asked;
      const compared = comparison(each, answers[index] as Answers, await examine(each.question));
      expect(compared.map(({ said }) => said)).toEqual(compared.map(({ is }) => is));
    },
  );

  test("the programs answer as it is recorded for their versions", ({ skip }) => {
    if (!sameVersions(matrix)) skip("other versions of the programs are installed than were recorded");
    for (const [index, each] of asked.entries())
      for (const consumer of consumers)
        expect(recordedOf(each, consumer).map(seesOf), `${titleOf(each)}: ${consumer}`).toContain(
          seesOf((answers[index] as Answers)[consumer]),
        );
  });

  test.each(["linked", "no-certificate", "certificate-other-id", "certificate-other-label"])(
    "%s: keytool lists a private key entry if and only if the doctor says that Java sees the key",
    async (name) => {
      const { question } = asked.find(({ breakage, type }) => breakage.name === name && type === "P-256") as Asked;
      const group = await examine(question);
      const { aliases, entries } = await askKeytool(question, store.folder);
      const seen = verdictOf(group, "java").sees !== "no";
      expect({ aliases, entries }).toEqual({
        aliases: seen ? group.certificates.map(({ label }) => label) : [],
        entries: seen ? 1 : 0,
      });
    },
  );

  test("after the repairs that the doctor offers every program sees the key as if nothing had been wrong", async () => {
    const broken = asked.filter(({ breakage, type }) => type === "P-256" && mended.includes(breakage.name));
    for (const { question } of broken) await repair(question);
    const again = await askAll(questions(broken), store.tokens, authority);
    for (const [index, each] of broken.entries()) {
      const now = again[index] as Answers;
      const group = await examine(each.question);
      const sees = consumers.map((consumer) => [consumer, seesOf(now[consumer]), verdictOf(group, consumer).sees]);
      expect(sees, titleOf(each)).toEqual(consumers.map((consumer) => [consumer, "yes", "yes"]));
    }
  }, 300_000);

  /** All repairs that are offered, as previewed. The question is from then on about the key as it is named now. */
  const repair = async (question: Question) => {
    const at = tokenOf(question);
    const { group, repairs: offered, privateKey } = await examine(question);
    const repairs = offered.map(({ kind }) => ({ group, kind }));
    const { digest, refused, steps } = await app.call("links.repairPreview", { ...at, repairs });
    expect({ refused, nothing: steps.length === 0 }).toEqual({ refused: [], nothing: false });
    expect(await app.call("links.repair", { ...at, repairs, digest })).toMatchObject({ failed: null, notDone: [] });
    const { groups } = await app.call("links.examine", at);
    const now = groups.find((each) => each.privateKey?.handle === privateKey?.handle)?.privateKey;
    if (!now) throw new Error("the private key is gone");
    question.key.id = now.id;
    question.key.label = now.label;
  };
});
