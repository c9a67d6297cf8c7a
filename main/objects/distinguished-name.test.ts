import { expect, test } from "vitest";
import { der, derOid } from "../pkcs11/der-write.ts";
import { nameText } from "./distinguished-name.ts";

const pair = (oid: string, tag: number, value: Buffer | string) => der(0x30, derOid(oid), der(tag, Buffer.from(value)));
const relative = (...pairs: Buffer[]) => der(0x31, ...pairs);
const name = (...relatives: Buffer[]) => der(0x30, ...relatives);
const commonName = (tag: number, value: Buffer | string) => nameText(name(relative(pair("2.5.4.3", tag, value))));

test("the last RDN comes first, parts of a multi-valued RDN are joined by plus", () => {
  const bytes = name(
    relative(pair("2.5.4.6", 0x13, "DE")),
    relative(pair("2.5.4.10", 0x0c, "Beispiel GmbH")),
    relative(pair("2.5.4.3", 0x0c, "Ada"), pair("0.9.2342.19200300.100.1.1", 0x0c, "a1")),
  );
  expect(nameText(bytes)).toBe("CN=Ada+UID=a1,O=Beispiel GmbH,C=DE");
});

test.each([
  ["a,b", "CN=a\\,b"],
  ['say "x"', 'CN=say \\"x\\"'],
  ["a+b<c>d;e\\f", "CN=a\\+b\\<c\\>d\\;e\\\\f"],
  [" lead", "CN=\\ lead"],
  ["trail ", "CN=trail\\ "],
  ["#hash", "CN=\\#hash"],
  ["", "CN="],
  ["a\nb\0c", "CN=a\\0ab\\00c"],
  ["\u202eevil", "CN=\\e2\\80\\aeevil"],
  ["Zoë 漢字", "CN=Zoë 漢字"],
])("%j is written as RFC 4514 wants it", (value, expected) => {
  expect(commonName(0x0c, value)).toBe(expected);
});

test("BMPString, UniversalString and T61String are decoded", () => {
  expect(commonName(0x1e, Buffer.from("Ωmega", "utf16le").swap16())).toBe("CN=Ωmega");
  expect(commonName(0x1c, Buffer.from("0001f600", "hex"))).toBe("CN=😀");
  expect(commonName(0x14, Buffer.from([0x4d, 0xfc, 0x6c]))).toBe("CN=Mül");
});

test("a value that is no text keeps its bytes", () => {
  expect(commonName(0x0c, Buffer.from([0xff]))).toBe("CN=#0c01ff");
  expect(commonName(0x04, "x")).toBe("CN=#040178");
  expect(commonName(0x1e, Buffer.from([0]))).toBe("CN=#1e0100");
});

test("an unknown attribute type is shown by its OID", () => {
  expect(nameText(name(relative(pair("1.2.3.4", 0x0c, "x"))))).toBe("1.2.3.4=x");
});

test("bytes that are no Name give null", () => {
  expect(nameText(Buffer.from("30", "hex"))).toBeNull();
  expect(nameText(Buffer.from("3003020101", "hex"))).toBeNull();
  expect(nameText(Buffer.concat([name(), Buffer.from([0])]))).toBeNull();
  expect(nameText(name())).toBe("");
});
