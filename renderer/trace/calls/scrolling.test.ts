import { expect, test } from "vitest";
import { lastTop, maxHeight, scrollHeight, scrollTopOf, topFor, topOf } from "./scrolling.ts";

const extent = { count: 3_200_000, line: 24, view: 600 };

test("three million rows are scrolled by an element that browsers can draw", () => {
  expect(scrollHeight(extent)).toBe(maxHeight);
  expect(scrollHeight({ ...extent, count: 100 })).toBe(2400);
});

test("the ends of the scroll bar are the ends of the list", () => {
  expect(topOf(0, extent)).toBe(0);
  expect(topOf(maxHeight - 600, extent)).toBe(lastTop(extent));
});

test("every row can be brought into sight, and the scroll bar knows where it is", () => {
  for (const row of [0, 1, 77, 1_234_567, 3_199_998, 3_199_999]) {
    const top = topFor(row, 0, extent, "middle");
    expect(top).toBeLessThanOrEqual(row * 24);
    expect(top + 600).toBeGreaterThanOrEqual(row * 24 + 24);
    expect(Math.abs(topOf(scrollTopOf(top, extent), extent) - top)).toBeLessThan(1);
  }
});

test("a row in sight is not moved", () => {
  expect(topFor(10, 100, extent, "nearest")).toBe(100);
  expect(topFor(2, 100, extent, "nearest")).toBe(48);
  expect(topFor(40, 100, extent, "nearest")).toBe(40 * 24 + 24 - 600);
});

test("a list that fits is not scrolled", () => {
  const short = { count: 5, line: 24, view: 600 };
  expect(topOf(30, short)).toBe(0);
  expect(scrollTopOf(0, short)).toBe(0);
});
