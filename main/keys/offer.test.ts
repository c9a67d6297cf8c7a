import pkcs11js from "pkcs11js";
import { expect, test } from "vitest";
import { CKM_EC_EDWARDS_KEY_PAIR_GEN, CKM_EC_MONTGOMERY_KEY_PAIR_GEN, CKM_EDDSA } from "./numbers.ts";
import { offerFrom } from "./offer.ts";
import type { TokenMechanism } from "./token-mechanisms.ts";

type Entry = [type: number, min: number | null, max: number | null, flags: number | null];
const list = (...entries: Entry[]): Map<number, TokenMechanism> =>
  new Map(entries.map(([type, min, max, flags]) => [type, { type, min, max, flags }]));

const { CKF_SIGN, CKF_DERIVE, CKF_GENERATE_KEY_PAIR, CKF_GENERATE, CKF_ENCRYPT } = pkcs11js;
const named = 0x900000;
const explicit = 0x500000;
const ec = (min: number, max: number, flags: number): Entry => [
  pkcs11js.CKM_EC_KEY_PAIR_GEN,
  min,
  max,
  flags | CKF_GENERATE_KEY_PAIR,
];
const ecdsa: Entry = [pkcs11js.CKM_ECDSA, 192, 521, CKF_SIGN];

const kindsOf = (...entries: Entry[]) => offerFrom(list(...entries)).kinds;
const whyNot = (kind: string, ...entries: Entry[]) =>
  offerFrom(list(...entries)).notOffered.find((one) => one.kind === kind)?.why;

test("curves are those within the token's range of key sizes", () => {
  expect(kindsOf(ec(192, 320, named), ecdsa)[0]?.curves).toEqual(["P-256", "brainpoolP256r1", "secp256k1"]);
  expect(kindsOf(ec(256, 384, named), ecdsa)[0]?.curves).toEqual([
    "P-256",
    "P-384",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "secp256k1",
  ]);
  expect(whyNot("EC P-521", ec(256, 384, named), ecdsa)).toBe("Outside the token's key sizes (256 to 384).");
});

test("a token that takes only explicit parameters is offered no curve, with the reason", () => {
  expect(kindsOf(ec(192, 521, explicit), ecdsa)).toEqual([]);
  expect(whyNot("Elliptic curve", ec(192, 521, explicit), ecdsa)).toContain("CKF_EC_ECPARAMETERS");
});

test("a token that does not tell its sizes is offered all", () => {
  expect(
    kindsOf([pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN, 0, 0, null], [pkcs11js.CKM_RSA_PKCS, null, null, null])[0]?.sizes,
  ).toEqual([2048, 3072, 4096]);
});

test("RSA sizes above the token's are named as not offered", () => {
  const rsa: Entry[] = [
    [pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN, 1024, 2048, CKF_GENERATE_KEY_PAIR],
    [pkcs11js.CKM_RSA_PKCS, 1024, 2048, CKF_SIGN],
  ];
  expect(kindsOf(...rsa)[0]).toMatchObject({
    sizes: [2048],
    presets: [{ name: "sign" }, { name: "tlsClient" }, { name: "ca" }],
  });
  expect(whyNot("RSA 4096", ...rsa)).toBe("Outside the token's key sizes (1024 to 2048).");
});

test("AES sizes may be given in bytes or in bits", () => {
  const aes = (min: number, max: number): Entry[] => [
    [pkcs11js.CKM_AES_KEY_GEN, min, max, CKF_GENERATE],
    [pkcs11js.CKM_AES_CBC, min, max, CKF_ENCRYPT],
  ];
  expect(kindsOf(...aes(16, 32))[0]?.sizes).toEqual([128, 192, 256]);
  expect(kindsOf(...aes(128, 256))[0]?.sizes).toEqual([128, 192, 256]);
  expect(kindsOf(...aes(32, 32))[0]?.sizes).toEqual([256]);
});

test("a key that the token could make but not use is not offered", () => {
  expect(whyNot("RSA", [pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN, 1024, 4096, CKF_GENERATE_KEY_PAIR])).toContain(
    "nothing that could use such a key",
  );
});

test("Ed25519 and X25519 go by PKCS#11 3.0's mechanisms", () => {
  const kinds = kindsOf(
    [CKM_EC_EDWARDS_KEY_PAIR_GEN, 255, 448, CKF_GENERATE_KEY_PAIR],
    [CKM_EDDSA, 255, 448, CKF_SIGN],
    [CKM_EC_MONTGOMERY_KEY_PAIR_GEN, 255, 448, CKF_GENERATE_KEY_PAIR],
    [pkcs11js.CKM_ECDH1_DERIVE, 112, 521, CKF_DERIVE],
  );
  expect(kinds.map(({ kind, mechanism, presets }) => [kind, mechanism, presets.map(({ name }) => name)])).toEqual([
    ["Ed25519", "CKM_EC_EDWARDS_KEY_PAIR_GEN", ["sign", "tlsClient", "ca"]],
    ["X25519", "CKM_EC_MONTGOMERY_KEY_PAIR_GEN", ["agree"]],
  ]);
});
