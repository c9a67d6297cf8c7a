import pkcs11js from "pkcs11js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LinkGroup } from "../../preload/contract/links.ts";
import { certificateFor } from "../harness/certificate.ts";
import { openWrittenToken, type WrittenToken } from "../harness/written-token.ts";

let on: WrittenToken;
beforeAll(async () => {
  on = await openWrittenToken();
});
afterAll(() => on.close());

const at = () => ({ module: on.module, token: on.token });
const examine = () => on.app.call("links.examine", at());
const groupOf = async (label: string): Promise<LinkGroup> => {
  const { groups } = await examine();
  const found = groups.find(({ privateKey }) => privateKey?.label === label);
  if (!found) throw new Error(`no group of ${label}`);
  return found;
};
const sees = ({ verdicts }: LinkGroup, consumer: string) => verdicts.find((each) => each.consumer === consumer);
/** A certificate of a token key, self-signed by the app and written under any name. */
const ownCertificate = async (label: string, id: string, as: string) => {
  const key = (await on.list()).find((row) => row.class === "privateKey" && row.label === label);
  if (!key) throw new Error("no key");
  const ref = { handle: key.handle, class: key.class, label: key.label, id: key.id };
  const made = await on.app.call("certificates.selfSign", { ...at(), key: ref, subject: `CN=${as}`, days: 30 });
  on.writeCertificate(as, id, Buffer.from(made.content, "base64"));
};
const generate = (label: string, spec: object) =>
  on.app.call("keys.generate", { ...at(), spec: { preset: "tlsClient", label, ...spec } as never });

test("an RSA key and its certificate are joined by their bytes although nothing else says so", async () => {
  const { id } = await generate("rsa", { kind: "RSA", size: 2048 });
  await ownCertificate("rsa", "99", "elsewhere");
  const group = await groupOf("rsa");
  expect(group).toMatchObject({ proof: "key bytes", provable: true });
  expect(group.certificates.map(({ label }) => label)).toEqual(["elsewhere"]);
  expect(sees(group, "java")).toMatchObject({ sees: "no" });
  expect(sees(group, "java")?.reasons[0]).toMatchObject({ rule: "certificate-other-id", repairs: ["alignId"] });
  expect(sees(group, "openssh")).toMatchObject({ sees: "yes" });
  expect(group.repairs.map(({ kind }) => kind)).toEqual(["alignId", "alignLabel"]);
  const { findings } = await examine();
  expect(findings.find(({ kind }) => kind === "wrongId")?.words).toContain(id);
});

test("a test signature finds the certificate of an EC key, and shows that its namesake is another's", async () => {
  const { id } = await generate("ec", { kind: "EC", curve: "P-256" });
  await ownCertificate("ec", "77", "real");
  on.writeCertificate("liar", id, certificateFor("CN=liar"));
  const key = await groupOf("ec");
  const { results, skipped } = await on.app.call("links.prove", { ...at(), group: key.group });
  expect(skipped).toEqual([]);
  expect(results[0]).toMatchObject({ proved: true, mechanism: "CKM_ECDSA", error: null });
  expect(results[0]?.fits.map(({ label }) => label).sort()).toEqual(["ec", "real"]);
  expect(results[0]?.fitsNot.map(({ label }) => label)).toEqual(["liar"]);
  const proved = await groupOf("ec");
  expect(proved).toMatchObject({ proof: "test signature" });
  expect(proved.certificates.map(({ label }) => label)).toEqual(["real"]);
  expect(sees(proved, "java")?.reasons.map(({ rule }) => rule)).toContain("foreign-certificate");
});

test("all keys are proved at once, those that cannot sign are named", async () => {
  on.pair(
    pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN,
    "5151",
    "decrypts",
    [
      { type: pkcs11js.CKA_MODULUS_BITS, value: 1024 },
      { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: Buffer.from([3]) },
    ],
    [{ type: pkcs11js.CKA_SIGN, value: false }],
  );
  const { results, skipped } = await on.app.call("links.prove", at());
  expect(results.map(({ proved }) => proved)).toEqual([true, true]);
  expect(skipped).toMatchObject([{ key: { label: "decrypts" } }]);
  const { findings } = await examine();
  const kinds = findings
    .filter(({ objects }) => objects.some(({ label }) => label === "decrypts"))
    .map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["weakKey", "weakExponent", "missingCertificate"]));
});

test("without login nothing is judged, and that is said", async () => {
  await on.app.call("tokens.logout", at());
  const { privateIncluded, groups, findings } = await examine();
  expect(privateIncluded).toBe(false);
  expect(groups.length).toBeGreaterThan(0);
  expect(groups.flatMap(({ verdicts }) => verdicts)).toEqual([]);
  expect(findings.map(({ kind }) => kind)).not.toContain("keyNotHere");
  expect(await on.app.fails("links.prove", at())).toMatchObject({ code: "LOGIN_NEEDED" });
});
