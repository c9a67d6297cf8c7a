import { expect, test } from "vitest";
import type { FunctionStatistics } from "../../../preload/contract/trace.ts";
import { bucketFrom, bucketRange, bucketTo, firstSorting, onlyAtMost, sorted } from "./functions.ts";

const statistics = (name: string, more: Partial<FunctionStatistics> = {}): FunctionStatistics => ({
  name,
  calls: 1,
  errors: 0,
  total: 100,
  mean: 100,
  p50: 100,
  p95: 100,
  max: 100,
  share: 0.1,
  histogram: [],
  ...more,
});

const some = [
  statistics("C_Sign", { total: 300 }),
  statistics("C_Login", { total: null }),
  statistics("C_Find", { total: 900 }),
];
const names = (functions: readonly FunctionStatistics[]) => functions.map(({ name }) => name);

test("names are sorted from A, figures from the greatest; what is not known comes last both ways", () => {
  expect(names(sorted(some, firstSorting("name")))).toEqual(["C_Find", "C_Login", "C_Sign"]);
  expect(names(sorted(some, firstSorting("total")))).toEqual(["C_Find", "C_Sign", "C_Login"]);
  expect(names(sorted(some, { column: "total", descending: false }))).toEqual(["C_Sign", "C_Find", "C_Login"]);
});

test("one axis for all histograms", () => {
  expect(
    bucketRange([statistics("a", { histogram: [0, 0, 3, 0] }), statistics("b", { histogram: [0, 0, 0, 0, 1] })]),
  ).toEqual({
    from: 2,
    to: 4,
  });
  expect(bucketRange([statistics("a", { histogram: [0, 0] })])).toBeNull();
});

test("buckets are half tenfolds from 100 ns on", () => {
  expect([bucketFrom(0), bucketTo(1), bucketFrom(2)]).toEqual([0, 1000, 1000]);
});

test("durations of a log with start times only are upper bounds", () => {
  expect(onlyAtMost([{ durations: "exact" }, { durations: "none" }])).toBe(false);
  expect(onlyAtMost([{ durations: "exact" }, { durations: "at-most" }])).toBe(true);
});
