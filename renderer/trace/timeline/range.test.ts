import { expect, test } from "vitest";
import { around, panned, ticks, zoomed } from "./range.ts";

const whole = 10e9;

test("what is under the pointer stays there when it is zoomed", () => {
  const range = { start: 2e9, length: 4e9 };
  const near = zoomed(range, whole, 0.5, 0.25);
  expect(near.start + near.length * 0.25).toBe(range.start + range.length * 0.25);
});

test("nobody gets lost before the first or behind the last call", () => {
  expect(panned({ start: 0, length: 1e9 }, whole, -0.5)).toEqual({ start: 0, length: 1e9 });
  expect(panned({ start: 9e9, length: 1e9 }, whole, 0.5)).toEqual({ start: 9e9, length: 1e9 });
  expect(zoomed({ start: 5e9, length: 1e9 }, whole, 100, 0.5)).toEqual({ start: 0, length: whole });
  expect(zoomed({ start: 5e9, length: 1500 }, whole, 0.0001, 0.5).length).toBe(1000);
});

test("a span is shown with what is around it", () => {
  expect(around(5e9, 5.1e9, whole)).toEqual({ start: 4.55e9, length: 1e9 });
});

test("the scale has round numbers", () => {
  expect(ticks({ start: 0, length: 10e9 })).toEqual([0, 2e9, 4e9, 6e9, 8e9, 10e9]);
  expect(ticks({ start: 130, length: 60 })).toEqual([130, 140, 150, 160, 170, 180, 190]);
});
