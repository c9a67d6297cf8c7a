import { expect, test } from "vitest";
import { randomFrom } from "../dialects/fuzz-for-test.ts";
import { WideBytes, wideWord } from "./wide-bytes.ts";

const random = randomFrom(7);
// Bytes that differ from a newline in one bit, or follow it in value, are what the arithmetic could stumble over.
const alike = [0x0a, 0x0a, 0x0b, 0x09, 0x8a, 0x0e, 0x1a, 0x00, 0x80, 0xff, 0x61];
/** Some bytes in the middle of others. */
const someBytes = (): Buffer => {
  const memory = Buffer.from(Array.from({ length: 64 }, () => alike[random(alike.length)] ?? 0));
  const from = random(9);
  return memory.subarray(from, from + random(48));
};

test("Every newline is found, wherever the bytes stand in memory and whatever stands around them", () => {
  for (let turn = 0; turn < 400; turn++) {
    const bytes = someBytes();
    const wide = new WideBytes(bytes);
    for (let at = 0; at <= bytes.length; at++) {
      const expected = bytes.indexOf(0x0a, at);
      const found = at === bytes.length || expected < 0 ? bytes.length : expected;
      expect(wide.newline(at), `from ${at} in ${bytes.toString("hex")}`).toBe(found);
    }
  }
});

test("A word is found where it stands, and nowhere else, whatever its length", () => {
  for (let turn = 0; turn < 400; turn++) {
    const bytes = someBytes();
    const wide = new WideBytes(bytes);
    const from = random(bytes.length + 1);
    const word = bytes.subarray(from, from + 1 + random(13));
    if (word.length === 0) continue;
    for (let at = 0; at <= bytes.length; at++)
      expect(wide.has(at, wideWord(word)), `${word.toString("hex")} at ${at} in ${bytes.toString("hex")}`).toBe(
        bytes.subarray(at, at + word.length).equals(word),
      );
  }
});
