import { expect, test } from "vitest";
import { pinLengthWords, sessionWords } from "./words.ts";

test("sessions: what is not reported is said once, and apart from the limit", () => {
  expect(sessionWords(1, 0)).toBe("1 open, no limit");
  expect(sessionWords(0, 8)).toBe("0 open, at most 8");
  expect(sessionWords(null, 0)).toBe("no limit; how many are open is not reported");
  expect(sessionWords(2, null)).toBe("2 open, limit not reported");
  expect(sessionWords(null, null)).toBe("not reported");
});

test("PIN lengths: a maximum that says nothing is not shown as one", () => {
  expect(pinLengthWords({ min: 4, max: 255 })).toBe("4 to 255 characters");
  expect(pinLengthWords({ min: 8, max: 8 })).toBe("8 characters");
  expect(pinLengthWords({ min: 6, max: 0 })).toBe("at least 6 characters");
  expect(pinLengthWords({ min: 6, max: 0xffffffff })).toBe("at least 6 characters");
  expect(pinLengthWords({ min: 0, max: 0 })).toBe("not reported");
});
