import { expect, test } from "vitest";
import { attributeName, attributeNumber, attributesOf, attributeTable, isSecret } from "../pkcs11/attributes.ts";
import { der, derOid } from "../pkcs11/der-write.ts";
import { ulong } from "../pkcs11/handles.ts";
import { attributeText, valueFault } from "./attribute-text.ts";

const context = { objectClass: 3, keyType: "RSA", ecParams: null };
const info = (name: string) => {
  const found = attributeTable.find((row) => row.name === name);
  if (!found) throw new Error(name);
  return found;
};
const text = (name: string, value: Buffer, more = {}) => attributeText(info(name), value, { ...context, ...more });

test.each([
  ["CKA_TOKEN", Buffer.from([1]), "yes"],
  ["CKA_TOKEN", Buffer.from([0]), "no"],
  ["CKA_TOKEN", Buffer.alloc(0), "not a boolean (0 bytes)"],
  ["CKA_CLASS", ulong(3), "CKO_PRIVATE_KEY"],
  ["CKA_CLASS", ulong(0x80000001), "CKO 0x80000001"],
  ["CKA_KEY_TYPE", ulong(0x40), "CKK_EC_EDWARDS"],
  ["CKA_KEY_GEN_MECHANISM", ulong(0), "CKM_RSA_PKCS_KEY_PAIR_GEN"],
  ["CKA_KEY_GEN_MECHANISM", Buffer.alloc(8, 0xff), "not available"],
  ["CKA_MODULUS_BITS", ulong(2048), "2048 bits"],
  ["CKA_VALUE_LEN", ulong(32), "32 bytes (256 bits)"],
  ["CKA_START_DATE", Buffer.from("20260131"), "2026-01-31"],
  ["CKA_START_DATE", Buffer.alloc(0), "not set"],
  ["CKA_START_DATE", Buffer.from("yesterda"), "not a date (yesterda)"],
  ["CKA_PUBLIC_EXPONENT", Buffer.from("010001", "hex"), "65537 (0x010001)"],
  ["CKA_MODULUS", Buffer.from(`00${"ff".repeat(16)}`, "hex"), `128 bits, ${"ff".repeat(16)}`],
  ["CKA_SERIAL_NUMBER", Buffer.from("02020080", "hex"), "128 (0x80)"],
  ["CKA_OBJECT_ID", derOid("1.2.840.113549"), "1.2.840.113549"],
  ["CKA_EC_PARAMS", derOid("1.2.840.10045.3.1.7"), "P-256 (1.2.840.10045.3.1.7)"],
  ["CKA_EC_PARAMS", der(0x13, Buffer.from("edwards25519")), "Ed25519"],
  ["CKA_EC_PARAMS", Buffer.from("junk"), "not curve parameters (4 bytes)"],
  ["CKA_ALLOWED_MECHANISMS", Buffer.concat([ulong(1), ulong(0x40)]), "CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS"],
  ["CKA_SUBJECT", Buffer.from("3000", "hex"), ""],
  ["CKA_SUBJECT", Buffer.from("xx"), "not a name (2 bytes)"],
  ["CKA_LABEL", Buffer.from("a\nb"), "a\\nb"],
  ["CKA_ID", Buffer.from("0a0b", "hex"), "0a0b"],
])("%s %s is shown as %j", (name, value, expected) => {
  expect(text(name, value)).toBe(expected);
});

test("attributes go by name, short name or number", () => {
  expect(attributeNumber("CKA_LABEL")).toBe(3);
  expect(attributeNumber("label")).toBe(3);
  expect(attributeNumber("0x80000001")).toBe(0x80000001);
  expect(attributeNumber("CKA_NONSENSE")).toBeNull();
  expect(attributeNumber("0x1ffffffff")).toBeNull();
  expect(attributeName(0x80000001)).toBe("0x80000001");
});

test("every number has one name", () => {
  for (const { number, name } of attributeTable) expect(attributeName(number)).toBe(name);
});

test("what is a key's own value counts as secret", () => {
  expect(isSecret(0x11, 3)).toBe(true);
  expect(isSecret(0x11, 4)).toBe(true);
  expect(isSecret(0x11, null)).toBe(true);
  expect(isSecret(0x11, 1)).toBe(false);
  for (const name of ["CKA_PRIVATE_EXPONENT", "CKA_PRIME_1", "CKA_PRIME_2", "CKA_COEFFICIENT", "CKA_SEED"])
    expect(isSecret(info(name).number, 3)).toBe(true);
});

test("a class gets the attributes of its key type and no others", () => {
  const names = (keyType: string) => attributesOf(2, keyType, null).map(({ name }) => name);
  expect(names("RSA")).toContain("CKA_MODULUS_BITS");
  expect(names("RSA")).not.toContain("CKA_EC_POINT");
  expect(names("EC")).toContain("CKA_EC_POINT");
});

test("values that an attribute cannot have are refused before the token is asked", () => {
  expect(valueFault(info("CKA_SIGN"), Buffer.from([2]))).toMatch("boolean");
  expect(valueFault(info("CKA_SIGN"), Buffer.from([1]))).toBeNull();
  expect(valueFault(info("CKA_START_DATE"), Buffer.from("2026"))).toMatch("CK_DATE");
  expect(valueFault(info("CKA_LABEL"), Buffer.from([0xff]))).toMatch("UTF-8");
  expect(valueFault(info("CKA_ID"), Buffer.from([0xff]))).toBeNull();
});
