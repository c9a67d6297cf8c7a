import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { atMostEvery } from "./at-most-every.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first is done at once, those that follow together, and the last one never goes without", () => {
  const done: string[] = [];
  const ask = atMostEvery<string>(300, (key) => done.push(key));
  ask("a", "a1");
  expect(done).toEqual(["a1"]);
  for (const key of ["a2", "a3", "a4"]) ask("a", key);
  vi.advanceTimersByTime(299);
  expect(done).toEqual(["a1"]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["a1", "a4"]);
  vi.advanceTimersByTime(1000);
  expect(done).toEqual(["a1", "a4"]);
  ask("a", "a5");
  expect(done).toEqual(["a1", "a4", "a5"]);
});

test("others do not wait", () => {
  const done: string[] = [];
  const ask = atMostEvery<string>(300, (key) => done.push(key));
  ask("a", "a");
  ask("b", "b");
  expect(done).toEqual(["a", "b"]);
});
