import { expect, test } from "vitest";
import { groupMembers } from "./group.ts";
import type { Proof } from "./proofs.ts";
import { certificate, member, privateKey, publicKey } from "./test-members.ts";

const without = { proofOf: () => null, bytesAreClaims: false };
const proved = (fits: string | null, ...fitsNot: string[]): Proof => ({
  fits,
  fitsNot: new Set(fitsNot),
  mechanism: "CKM_ECDSA",
  at: new Date(),
});
const shape = (groups: ReturnType<typeof groupMembers>) =>
  groups.map(({ key, publicKeys, certificates, proof, foreign }) => ({
    key: key?.object.handle ?? null,
    with: [...publicKeys, ...certificates].map(({ object }) => object.handle),
    proof,
    foreign: foreign.map(({ object }) => object.handle),
  }));

test("key bytes join objects whatever their CKA_IDs and labels say", () => {
  const key = privateKey("0x1", { id: "01", hash: "a" });
  const other = certificate("0x2", { id: "99", label: "elsewhere", hash: "a" });
  const wrong = certificate("0x3", { id: "01", hash: "b" });
  expect(shape(groupMembers([key, other, wrong], without))).toEqual([
    { key: "0x1", with: ["0x2"], proof: "key bytes", foreign: ["0x3"] },
    { key: null, with: ["0x3"], proof: "none", foreign: [] },
  ]);
});

test("a private key without public bytes is joined by CKA_ID, which is called a claim", () => {
  const key = privateKey("0x1", { id: "01", hash: null });
  const own = publicKey("0x2", { id: "01", hash: "a" });
  const same = certificate("0x3", { id: "02", hash: "a" });
  const [group] = groupMembers([key, own, same], without);
  expect(shape(group ? [group] : [])).toEqual([
    { key: "0x1", with: ["0x2", "0x3"], proof: "CKA_ID only", foreign: [] },
  ]);
  expect(group?.proofWords).toContain("claim");
});

test("a key of another kind is not joined, even under the same CKA_ID", () => {
  const key = privateKey("0x1", { id: "01", hash: null, keyType: "EC", curve: "P-256" });
  const rsa = certificate("0x2", { id: "01", hash: "a", keyType: "RSA" });
  const [group] = groupMembers([key, rsa], without);
  expect(group?.proof).toBe("none");
  expect(group?.foreign).toEqual([rsa]);
});

test("a test signature outweighs the CKA_ID and the bytes that the module shows", () => {
  const key = privateKey("0x1", { id: "01", hash: "liar" });
  const liar = publicKey("0x2", { id: "01", hash: "liar" });
  const real = certificate("0x3", { id: "77", hash: "real" });
  const lying = { proofOf: () => proved("real", "liar"), bytesAreClaims: true };
  expect(shape(groupMembers([key, liar, real], lying))[0]).toEqual({
    key: "0x1",
    with: ["0x3"],
    proof: "test signature",
    foreign: ["0x2"],
  });
});

test("where the module shows whatever has the CKA_ID, equal bytes prove nothing", () => {
  const all = [privateKey("0x1", { id: "01", hash: "a" }), publicKey("0x2", { id: "01", hash: "a" })];
  expect(groupMembers(all, { proofOf: () => null, bytesAreClaims: true })[0]?.proof).toBe("CKA_ID only");
});

test("a signature that fits nothing leaves the private key alone", () => {
  const all = [privateKey("0x1", { id: "01", hash: "a" }), certificate("0x2", { id: "01", hash: "a" })];
  const [group] = groupMembers(all, { proofOf: () => proved(null, "a"), bytesAreClaims: true });
  expect(group).toMatchObject({ certificates: [], proof: "none", foreign: [all[1]] });
  expect(group?.proofWords).toContain("fits no public key");
});

test("objects that show no key are groups of their own", () => {
  const odd = [
    member("0x5", "certificate", { id: "01", hash: null }),
    member("0x6", "certificate", { id: "01", hash: null }),
  ];
  expect(groupMembers(odd, without)).toHaveLength(2);
});
