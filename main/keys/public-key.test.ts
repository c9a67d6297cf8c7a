import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { expect, test } from "vitest";
import { der } from "../pkcs11/der-write.ts";
import { curveByName, curveParameters, curves } from "./curves.ts";
import { fromEcAttributes, fromSpki, keyBits, keyId, keyWords, type PublicKey, toSpki } from "./public-key.ts";

const spkiOf = (key: KeyObject): Buffer => key.export({ format: "der", type: "spki" });
const generated = (name: string): Buffer => {
  const curve = curveByName(name);
  if (curve?.type === "Ed25519") return spkiOf(generateKeyPairSync("ed25519").publicKey);
  if (curve?.type === "X25519") return spkiOf(generateKeyPairSync("x25519").publicKey);
  return spkiOf(generateKeyPairSync("ec", { namedCurve: curve?.openssl ?? name }).publicKey);
};
const point = (key: PublicKey): Buffer => {
  if (key.type === "RSA") throw new Error("RSA has no point");
  return key.point;
};

test.each(curves.map(({ name }) => name))(
  "%s: OpenSSL's SubjectPublicKeyInfo is read and written byte for byte",
  (name) => {
    const spki = generated(name);
    const key = fromSpki(spki);
    expect(toSpki(key).toString("hex")).toBe(spki.toString("hex"));
    expect(keyBits(key)).toBe(curveByName(name)?.bits);
  },
);

test.each([2048, 2056, 3072])("an RSA key of %i bits", (bits) => {
  const spki = spkiOf(generateKeyPairSync("rsa", { modulusLength: bits }).publicKey);
  const key = fromSpki(spki);
  expect(toSpki(key).equals(spki)).toBe(true);
  expect(keyWords(key)).toBe(`RSA ${bits}`);
});

test.each(["P-256", "P-521", "brainpoolP384r1", "Ed25519"])(
  "CKA_EC_POINT of %s is read in every form that modules give",
  (name) => {
    const key = fromSpki(generated(name));
    const curve = curveByName(name);
    if (!curve) throw new Error(name);
    const parameters = curveParameters(curve);
    const bare = point(key);
    for (const value of [bare, der(0x04, bare), der(0x03, Buffer.from([0]), bare)])
      expect(point(fromEcAttributes(parameters, value)).equals(bare)).toBe(true);
    for (const value of [bare.subarray(1), Buffer.alloc(0), der(0x04, bare.subarray(20)), Buffer.from([4, 3, 1])])
      expect(() => fromEcAttributes(parameters, value)).toThrow();
  },
);

test("Edwards and Montgomery curves are known by their printed names too", () => {
  const bare = point(fromSpki(generated("Ed25519")));
  const printed = (name: string) => der(0x13, Buffer.from(name));
  expect(fromEcAttributes(printed("edwards25519"), bare).type).toBe("Ed25519");
  expect(fromEcAttributes(printed("curve25519"), bare).type).toBe("X25519");
  expect(() => fromEcAttributes(printed("edwards448"), bare)).toThrow();
});

test("the default CKA_ID is the SHA-1 of modulus or point", () => {
  // printf 8001 | xxd -r -p | sha1sum
  const modulus = Buffer.from("8001", "hex");
  expect(keyId({ type: "RSA", modulus, exponent: Buffer.from([3]) }).toString("hex")).toBe(
    "9f634a8d023323ed51a031e40ea6d05261f1dff2",
  );
  const ec = fromSpki(generated("P-256"));
  expect(keyId(ec).length).toBe(20);
});

test("what is no key that is known is refused by name", () => {
  const dsa = createPublicKey(generateKeyPairSync("ed448").publicKey.export({ format: "pem", type: "spki" }));
  expect(() => fromSpki(spkiOf(dsa))).toThrow(/1\.3\.101\.113 is not known/);
  const spki = generated("P-256");
  expect(() => fromSpki(spki.subarray(0, 40))).toThrow(/cut off/);
});
