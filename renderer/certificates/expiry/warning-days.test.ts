import { expect, test } from "vitest";
import { daysFrom } from "./warning-days.ts";

test("days may be written with commas or blanks; each counts once, most first", () => {
  expect(daysFrom("7, 30;30 90")).toEqual({ days: [90, 30, 7], problem: null });
});

test.each(["", "0", "-3", "3651", "soon", "1.5", "1 2 3 4 5 6 7 8 9 10 11"])("%j is refused in words", (text) => {
  expect(daysFrom(text)).toEqual({ days: null, problem: expect.stringMatching(/number/) });
});
