import { expect, test } from "vitest";
import { CKA } from "../pkcs11/attributes.ts";
import { der, derOid, derUnsigned } from "../pkcs11/der-write.ts";
import { ulong } from "../pkcs11/handles.ts";
import { keyFacts } from "./key-facts.ts";

const facts = (keyType: string, ...values: [number, Buffer][]) => {
  const { keyType: type, bits, curve } = keyFacts(keyType, new Map(values));
  return [type, bits, curve];
};

const explicitP256 = der(
  0x30,
  derUnsigned(Buffer.from([1])),
  der(0x30, derOid("1.2.840.10045.1.1"), derUnsigned(Buffer.from(`ffffffff${"00".repeat(28)}`, "hex"))),
);

test.each([
  ["RSA", [[CKA.MODULUS_BITS, ulong(3072)]], ["RSA", 3072, null]],
  ["RSA", [[CKA.MODULUS, Buffer.from(`00${"80".repeat(256)}`, "hex")]], ["RSA", 2048, null]],
  ["RSA", [[CKA.MODULUS, Buffer.from(`7f${"80".repeat(255)}`, "hex")]], ["RSA", 2047, null]],
  ["EC", [[CKA.EC_PARAMS, derOid("1.3.132.0.34")]], ["EC", 384, "P-384"]],
  ["EC", [[CKA.EC_PARAMS, derOid("1.3.36.3.3.2.8.1.1.7")]], ["EC", 256, "brainpoolP256r1"]],
  ["EC", [[CKA.EC_PARAMS, der(0x13, Buffer.from("secp256r1"))]], ["EC", 256, "P-256"]],
  ["EC", [[CKA.EC_PARAMS, derOid("1.2.3")]], ["EC", null, "1.2.3"]],
  ["EC", [[CKA.EC_PARAMS, explicitP256]], ["EC", 256, "explicit parameters"]],
  ["EC", [], ["EC", null, null]],
  ["EC_EDWARDS", [[CKA.EC_PARAMS, derOid("1.3.101.112")]], ["Ed25519", 256, "Ed25519"]],
  ["EC_EDWARDS", [[CKA.EC_PARAMS, der(0x13, Buffer.from("edwards448"))]], ["Ed448", 448, "Ed448"]],
  ["EC_MONTGOMERY", [[CKA.EC_PARAMS, derOid("1.3.101.110")]], ["X25519", 256, "X25519"]],
  ["EC_MONTGOMERY", [[CKA.EC_PARAMS, der(0x13, Buffer.from("curve25519"))]], ["X25519", 256, "X25519"]],
  ["AES", [[CKA.VALUE_LEN, ulong(32)]], ["AES", 256, null]],
  ["GENERIC_SECRET", [[CKA.VALUE_LEN, ulong(20)]], ["generic", 160, null]],
  ["DES3", [], ["3DES", 192, null]],
  ["ML_DSA", [[CKA.PARAMETER_SET, ulong(2)]], ["ML-DSA-65", null, null]],
  ["0x80000001", [], ["0x80000001", null, null]],
] as [string, [number, Buffer][], unknown[]][])("%s key", (keyType, values, expected) => {
  expect(facts(keyType, ...values)).toEqual(expected);
});
