import { expect, test } from "vitest";
import { clockTime, distance, durationOf, durationWords } from "./times.ts";

test("a duration says how sure it is", () => {
  expect(durationOf({ duration: 1_186_383, durationIs: "exact" })).toBe("1.19 ms");
  expect(durationOf({ duration: 12_000_000, durationIs: "at-most" })).toBe("≤ 12 ms");
  expect(durationOf({ duration: 0, durationIs: "exact" })).toBe("< 1 ms");
  expect(durationOf({ duration: null, durationIs: "unknown" })).toBe("–");
});

test("durations have a unit that fits", () => {
  expect([741, 47_931, 250_000_000, 3_200_000_000, 754e9].map(durationWords)).toEqual([
    "741 ns",
    "47.9 µs",
    "250 ms",
    "3.20 s",
    "12 min 34 s",
  ]);
});

test("a log without dates shows its own time of day, whatever the time zone", () => {
  expect(clockTime("43200000001000")).toBe("12:00:00.000001");
});

test("time that goes backwards is shown as that", () => {
  expect(distance("1000000000", "2001250000")).toBe("+1.001250");
  expect(distance("2000000000", "1000000000")).toBe("−1.000000");
});
