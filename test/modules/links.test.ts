import pkcs11js from "pkcs11js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LinkGroup, WantedRepair } from "../../preload/contract/links.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
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
const refOf = (row: ObjectRow | undefined) => {
  if (!row) throw new Error("no such object");
  return { handle: row.handle, class: row.class, label: row.label, id: row.id };
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
  expect(group.repairs.map(({ kind }) => kind)).toEqual(["alignId", "alignLabel", "completeCertificate"]);
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

const repair = async (repairs: WantedRepair[], replace = false) => {
  const preview = await on.app.call("links.repairPreview", { ...at(), repairs, replace });
  const done = await on.app.call("links.repair", { ...at(), repairs, replace, digest: preview.digest });
  return { preview, done };
};
const names = async () =>
  (await on.list()).map(({ class: objectClass, label, id }) => `${objectClass} ${label} ${id}`).sort();

test("certificate and public key take the private key's CKA_ID and label, and undo gives theirs back", async () => {
  const before = await names();
  const { group, privateKey } = await groupOf("rsa");
  const { preview, done } = await repair([
    { group, kind: "alignId" },
    { group, kind: "alignLabel" },
  ]);
  expect(preview.steps).toMatchObject([
    {
      how: "set",
      object: { class: "certificate", label: "elsewhere", id: "99" },
      changes: [
        { attribute: "CKA_ID", old: "99", new: privateKey?.id },
        { attribute: "CKA_LABEL", oldWords: "elsewhere", newWords: "rsa" },
      ],
    },
  ]);
  expect(done).toMatchObject({ done: [1], failed: null, notDone: [] });
  const mended = await groupOf("rsa");
  expect(sees(mended, "java")).toMatchObject({ sees: "yes" });
  expect(mended.repairs.map(({ kind }) => kind)).toEqual(["completeCertificate"]);
  const { undos } = await on.app.call("links.undoList", at());
  expect(undos[0]).toMatchObject({ undo: done.undo, steps: [expect.stringContaining("CKA_ID back to 99")] });
  expect(await on.app.call("links.undo", { ...at(), undo: done.undo ?? "" })).toMatchObject({
    failed: null,
    notDone: [],
  });
  expect(await names()).toEqual(before);
  expect((await on.app.call("links.undoList", at())).undos).toEqual([]);
});

test("a certificate object without issuer and serial number is completed by a copy, with the certificate's own bytes", async () => {
  const { group } = await groupOf("rsa");
  const { preview, done } = await repair([{ group, kind: "completeCertificate" }]);
  expect(preview.steps).toMatchObject([
    {
      how: "replace",
      changes: expect.arrayContaining([
        expect.objectContaining({ attribute: "CKA_SUBJECT", newWords: "CN=elsewhere" }),
      ]),
    },
  ]);
  expect(done).toMatchObject({ failed: null });
  const mended = await groupOf("rsa");
  expect(sees(mended, "nss")?.reasons.map(({ rule }) => rule)).not.toContain("certificate-bare");
  const [certificate] = mended.certificates;
  const { attributes } = await on.app.call("objects.attributes", { ...at(), object: refOf(certificate) });
  expect(attributes.find(({ name }) => name === "CKA_ISSUER")?.decoded).toBe("CN=elsewhere");
});

test("a preview that the token has outrun is refused, and nothing is written", async () => {
  const { group } = await groupOf("rsa");
  const repairs: WantedRepair[] = [{ group, kind: "alignId" }];
  const { digest } = await on.app.call("links.repairPreview", { ...at(), repairs });
  on.data("came between", "x");
  expect((await on.app.call("links.repairPreview", { ...at(), repairs })).digest).toBe(digest);
  on.writeCertificate("came between too", "aa", certificateFor("CN=other"));
  const before = await names();
  expect(await on.app.fails("links.repair", { ...at(), repairs, digest })).toMatchObject({ code: "OBJECT_CHANGED" });
  expect(await names()).toEqual(before);
});

test("another key's certificate is moved away from a CKA_ID, and the EC key is joined with its own", async () => {
  const { group } = await groupOf("ec");
  const { done } = await repair([
    { group, kind: "moveForeign" },
    { group, kind: "alignId" },
  ]);
  expect(done).toMatchObject({ done: [1, 2], failed: null });
  const mended = await groupOf("ec");
  expect(mended.proof).toBe("test signature");
  expect(sees(mended, "java")).toMatchObject({ sees: "yes" });
  expect((await on.list()).some(({ label }) => label === "liar")).toBe(true);
});

test("the missing public key object of an EC key is written only once the certificate is proved to be its own", async () => {
  await generate("bare", { kind: "EC", curve: "P-384" });
  const [own] = (await on.list()).filter(({ label }) => label === "bare");
  await ownCertificate("bare", own?.id ?? "", "bare");
  const publicRow = (await on.list()).find((row) => row.class === "publicKey" && row.label === "bare");
  await on.app.call("objects.delete", { ...at(), objects: [refOf(publicRow)] });
  const { group, proof } = await groupOf("bare");
  expect(proof).toBe("CKA_ID only");
  const { steps, refused } = await on.app.call("links.repairPreview", {
    ...at(),
    repairs: [{ group, kind: "writePublicKey" }],
  });
  expect(steps).toEqual([]);
  expect(refused[0]?.why).toContain("test signature");
  await on.app.call("links.prove", { ...at(), group });
  const { done } = await repair([{ group, kind: "writePublicKey" }]);
  expect(done).toMatchObject({ done: [1], failed: null });
  const mended = await groupOf("bare");
  expect(mended.publicKeys).toMatchObject([{ label: "bare", id: own?.id, keyHash: mended.certificates[0]?.keyHash }]);
  await on.app.call("links.undo", { ...at(), undo: done.undo ?? "" });
  expect((await groupOf("bare")).publicKeys).toEqual([]);
});

test("a certificate that is not modifiable is replaced by an equal copy, and undo writes the old one again", async () => {
  await generate("fixed", { kind: "RSA", size: 2048 });
  const key = (await on.list()).find((row) => row.class === "privateKey" && row.label === "fixed");
  const made = await on.app.call("certificates.selfSign", { ...at(), key: refOf(key), subject: "CN=fixed", days: 30 });
  on.writer.create([
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_PRIVATE, value: false },
    { type: pkcs11js.CKA_MODIFIABLE, value: false },
    { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: 0 },
    { type: pkcs11js.CKA_LABEL, value: "fixed" },
    { type: pkcs11js.CKA_ID, value: Buffer.from("4242", "hex") },
    { type: pkcs11js.CKA_SUBJECT, value: Buffer.from("3000", "hex") },
    { type: pkcs11js.CKA_VALUE, value: Buffer.from(made.content, "base64") },
  ]);
  const before = await names();
  const { group, privateKey } = await groupOf("fixed");
  const { preview, done } = await repair([{ group, kind: "alignId" }]);
  expect(preview.steps).toMatchObject([{ how: "replace", object: { id: "4242" } }]);
  expect(done).toMatchObject({ done: [1], failed: null });
  const mended = await groupOf("fixed");
  expect(mended.certificates).toMatchObject([{ id: privateKey?.id, modifiable: false }]);
  const undone = await on.app.call("links.undo", { ...at(), undo: done.undo ?? "" });
  expect(undone).toMatchObject({ failed: null });
  expect(await names()).toEqual(before);
});

test("what was changed since a repair is not undone", async () => {
  const { group } = await groupOf("fixed");
  const { done } = await repair([{ group, kind: "changeKeyId", id: "c0ffee" }]);
  expect(done).toMatchObject({ failed: null });
  const key = (await on.list()).find((row) => row.class === "privateKey" && row.label === "fixed");
  await on.app.call("objects.set", { ...at(), object: refOf(key), changes: [{ attribute: "CKA_ID", hex: "beef" }] });
  const { failed, notDone } = await on.app.call("links.undo", { ...at(), undo: done.undo ?? "" });
  expect(failed?.code).toMatch(/OBJECT_(CHANGED|GONE)/);
  expect(notDone.length).toBeGreaterThan(0);
  expect((await on.list()).find((row) => row.class === "privateKey" && row.label === "fixed")?.id).toBe("beef");
});

test("a hundred certificates of keys elsewhere are one finding", async () => {
  const value = certificateFor("CN=many");
  for (let i = 0; i < 100; i++) on.writeCertificate(`many ${i}`, i.toString(16).padStart(8, "0"), value);
  const { groups, findings } = await examine();
  expect(groups.find(({ certificates }) => certificates.length >= 100)?.privateKey).toBeNull();
  expect(findings.filter(({ kind }) => kind === "orphanCertificate")).toHaveLength(1);
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
