import { expect, test } from "vitest";
import { colonHex, parseHex, shortHex, uriId } from "./ids.ts";

test("a CKA_ID may be typed plain, with colons, with blanks, with 0x, in capitals", () => {
  for (const text of ["1a2b3c", "1A:2B:3C", " 1a 2b 3c ", "0x1A2b3c"]) expect(parseHex(text).hex).toBe("1a2b3c");
  expect(parseHex("").hex).toBe("");
});

test("an odd number of digits is refused, never filled up", () => {
  expect(parseHex("78898").problem).toContain("odd");
  expect(parseHex("1a:b:3c").problem).toContain('"b"');
});

test("what is not a digit is named", () => {
  expect(parseHex("1g").problem).toContain('"g"');
});

test("the forms of a CKA_ID", () => {
  expect(colonHex("1a2b")).toBe("1a:2b");
  expect(uriId("1a2b")).toBe("id=%1A%2B");
  expect(shortHex("00112233445566778899aabbccddeeff00112233")).toBe("00112233…00112233");
  expect(shortHex("0011")).toBe("0011");
});
