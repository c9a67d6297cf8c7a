import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { der, derBits, derOid } from "../pkcs11/der-write.ts";
import { ecPoint } from "./ec-point.ts";

const p256 = derOid("1.2.840.10045.3.1.7");
const x = Buffer.alloc(32, 0x11);
const y = Buffer.alloc(32, 0x22);
const point = Buffer.concat([Buffer.from([4]), x, y]);

test.each([
  ["bare", point],
  ["in an OCTET STRING", der(0x04, point)],
  ["in a BIT STRING", derBits(point)],
])("an uncompressed point is read %s", (_, value) => {
  expect(ecPoint(p256, value)?.point).toEqual(point);
});

test("a bare point whose x looks like a length is not taken for an OCTET STRING", () => {
  // 04 3f ...: as DER this is an OCTET STRING of 63 bytes that fills the value exactly.
  const tricky = Buffer.concat([Buffer.from([4, 0x3f]), Buffer.alloc(63, 7)]);
  expect(ecPoint(p256, tricky)?.point).toEqual(tricky);
});

test("a compressed point is read", () => {
  const compressed = Buffer.concat([Buffer.from([2]), x]);
  expect(ecPoint(p256, der(0x04, compressed))?.point).toEqual(compressed);
});

test("the public values of Edwards and Montgomery curves are read in all three forms", () => {
  for (const [oid, length] of [
    ["1.3.101.112", 32],
    ["1.3.101.113", 57],
    ["1.3.101.110", 32],
    ["1.3.101.111", 56],
  ] as const) {
    const value = Buffer.alloc(length, 5);
    for (const form of [value, der(0x04, value), derBits(value)])
      expect(ecPoint(derOid(oid), form)?.point).toEqual(value);
  }
});

test("a point of another curve is refused", () => {
  expect(ecPoint(p256, point.subarray(0, 64))).toBeNull();
  expect(ecPoint(derOid("1.3.132.0.34"), point)).toBeNull();
});

test("without readable curve parameters the form alone decides", () => {
  expect(ecPoint(null, der(0x04, point))?.point).toEqual(point);
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  const bare = publicKey.export({ format: "der", type: "spki" }).subarray(-65);
  expect(ecPoint(null, bare)?.point).toEqual(bare);
});
