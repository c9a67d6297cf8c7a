import { expect, test } from "vitest";
import { randomFrom } from "./fuzz-for-test.ts";
import { Newlines } from "./newlines.ts";

test("Every newline is found, wherever the bytes stand in memory and whatever stands around them", () => {
  const random = randomFrom(7);
  // Bytes that differ from a newline in one bit, or follow it in value, are what the trick could stumble over.
  const alike = [0x0a, 0x0a, 0x0b, 0x09, 0x8a, 0x0e, 0x1a, 0x00, 0x80, 0xff, 0x61];
  for (let turn = 0; turn < 400; turn++) {
    const memory = Buffer.from(Array.from({ length: 64 }, () => alike[random(alike.length)] ?? 0));
    const from = random(9);
    const bytes = memory.subarray(from, from + random(48));
    const newlines = new Newlines(bytes);
    for (let at = 0; at <= bytes.length; at++) {
      const expected = bytes.indexOf(0x0a, at);
      const found = at === bytes.length || expected < 0 ? bytes.length : expected;
      expect(newlines.next(at), `from ${at} in ${bytes.toString("hex")}`).toBe(found);
    }
  }
});
