import { expect, test } from "vitest";
import { examineMembers, findingsShown, groupsShown } from "./examine.ts";
import type { Member } from "./member.ts";
import { certificate, privateKey, publicKey, type Wanted } from "./test-members.ts";

const now = new Date("2026-01-01T00:00:00Z");
const examined = (members: Member[]) => examineMembers(members, { proofOf: () => null, bytesAreClaims: false }, now);
const verdicts = (members: Member[]) =>
  Object.fromEntries(
    (groupsShown(examined(members), true)[0]?.verdicts ?? []).map(({ consumer, sees, reasons }) => [
      consumer,
      { sees, rules: reasons.map(({ rule }) => rule) },
    ]),
  );
const kinds = (members: Member[]) => findingsShown(examined(members), true).map(({ kind }) => kind);
const whole = (more: Wanted = {}) => [privateKey("0x1"), publicKey("0x2"), certificate("0x3", more)];

test("a whole link is seen by every program, and every reason names its rule and source", () => {
  expect(Object.values(verdicts(whole())).map(({ sees }) => sees)).toEqual(Array(9).fill("yes"));
  const all = [
    privateKey("0x1", { flags: [] }),
    certificate("0x3", { id: "02", label: "x", notAfter: "2025-01-01T00:00:00Z" }),
  ];
  for (const { reasons } of groupsShown(examined(all), true)[0]?.verdicts ?? [])
    for (const { rule, source, words } of reasons) {
      expect(rule).toMatch(/^[a-z-]+$/);
      expect(source.length).toBeGreaterThan(10);
      expect(words).toMatch(/\.$/);
    }
});

test("the suffix that OpenSC puts on labels of SmartCard-HSM keys is no difference", () => {
  expect(
    kinds([
      privateKey("0x1", { label: "web (UserPIN)" }),
      publicKey("0x2", { label: "web" }),
      certificate("0x3", { label: "web" }),
    ]),
  ).toEqual([]);
  expect(kinds(whole({ label: "other" }))).toEqual(["labelDiffers"]);
});

test("an expired certificate hides the key from Chrome, which leaves it out, and limits the others", () => {
  const { chrome, firefox, java, openssh } = verdicts(whole({ notAfter: "2025-12-31T00:00:00Z" }));
  expect([chrome, firefox, java, openssh].map((verdict) => verdict?.sees)).toEqual(["no", "partly", "partly", "yes"]);
  expect(kinds(whole({ notAfter: "2025-12-31T00:00:00Z" }))).toEqual(["expired"]);
  expect(kinds(whole({ notBefore: "2026-02-01T00:00:00Z" }))).toEqual(["notYetValid"]);
});

test("an extended key usage without clientAuth hides the certificate from browsers; anyExtendedKeyUsage does not", () => {
  const withUsage = (...extendedKeyUsage: string[]) => verdicts(whole({ certificate: { extendedKeyUsage } }));
  expect(withUsage("1.3.6.1.5.5.7.3.1").firefox).toEqual({
    sees: "no",
    rules: expect.arrayContaining(["no-client-auth"]),
  });
  expect(withUsage("2.5.29.37.0").firefox?.sees).toBe("yes");
  expect(withUsage("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2").firefox?.sees).toBe("yes");
});

test("a CKA_ID of zeros is found by all, NSS included, and noted", () => {
  const zeros = [
    privateKey("0x1", { id: "0000" }),
    publicKey("0x2", { id: "0000" }),
    certificate("0x3", { id: "0000" }),
  ];
  const { nss, firefox, java } = verdicts(zeros);
  expect([nss?.sees, firefox?.sees, java?.sees]).toEqual(["yes", "yes", "yes"]);
  expect(nss?.rules).toContain("id-of-zeros");
  expect(java?.rules).not.toContain("id-of-zeros");
});

test("Advanced Message Security takes RSA keys only, which is said of others", () => {
  const ec = (handle: string) =>
    ({ 1: privateKey, 2: publicKey, 3: certificate })[Number(handle) as 1 | 2 | 3](`0x${handle}`, {
      keyType: "EC",
      curve: "P-256",
    });
  expect(verdicts(["1", "2", "3"].map(ec)).gskit).toEqual({
    sees: "yes",
    rules: expect.arrayContaining(["ams-rsa-only"]),
  });
  expect(verdicts(whole()).gskit?.rules).not.toContain("ams-rsa-only");
});

test("weak keys, signatures and protection are found, the worst first", () => {
  const rsa = (bits: number, exponent: number) => ({
    publicKey: { type: "RSA" as const, modulus: Buffer.alloc(bits / 8, 0xc5), exponent: Buffer.from([exponent]) },
  });
  const of = (wanted: Wanted) =>
    kinds([privateKey("0x1", wanted), publicKey("0x2", wanted), certificate("0x3", wanted)]);
  expect(of(rsa(1024, 65))).toEqual(["weakKey"]);
  expect(of(rsa(2048, 3))).toEqual(["weakExponent"]);
  expect(of(rsa(2048, 4))).toEqual(["weakExponent"]);
  expect(kinds(whole({ certificate: { signatureAlgorithm: "1.2.840.113549.1.1.5" } }))).toEqual(["weakSignature"]);
  expect(kinds(whole({ certificate: { signatureAlgorithm: "1.2.840.113549.1.1.5", issuer: "key" } }))).toEqual([]);
  expect(kinds([privateKey("0x1", { flags: ["sign", "extractable"] }), ...whole().slice(1)])).toEqual([
    "nonSensitive",
    "extractable",
  ]);
});

test("certificates without a key here are told apart: an end entity's, a CA's of nobody here, and the chain of a key", () => {
  const alone = certificate("0x9", { id: "", hash: "z", label: "alone" });
  const ca = certificate("0x8", { id: "", hash: "y", label: "some CA", certificate: { ca: true } });
  expect(kinds([...whole(), alone]).filter((kind) => kind !== "notReadable")).toEqual(["keyNotHere"]);
  expect(kinds([...whole(), ca])).toEqual(["orphanCertificate"]);
});

test("two private keys of one CKA_ID are found, and the same private key twice", () => {
  const twin = privateKey("0x5", { hash: "b" });
  expect(kinds([...whole(), twin])).toContain("duplicateId");
  expect(verdicts([...whole(), twin]).java?.rules).toContain("duplicate-id");
  expect(kinds([...whole(), privateKey("0x5", { id: "02" })])).toContain("duplicateKey");
});
