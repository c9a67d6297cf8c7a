import { expect, test } from "vitest";
import { decodeFlags, mechanismFlags, slotFlags, tokenFlags } from "./names-tokens.ts";

test("each set bit becomes its words, lowest first", () => {
  expect(decodeFlags(0, tokenFlags)).toEqual([]);
  expect(decodeFlags(0x42d, tokenFlags)).toEqual([
    "rng",
    "login required",
    "user pin initialized",
    "restore key not needed",
    "token initialized",
  ]);
  expect(decodeFlags(0x7, slotFlags)).toEqual(["token present", "removable device", "hw slot"]);
});

test("bit 31 is a flag like the others", () => {
  expect(decodeFlags(0x80000001, mechanismFlags)).toEqual(["hw", "extension"]);
});

test("a bit that the standard does not name is shown by its number", () => {
  expect(decodeFlags(0x10 | 0x40000000, tokenFlags)).toEqual(["0x10", "0x40000000"]);
});
