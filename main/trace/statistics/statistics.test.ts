import { describe, expect, test } from "vitest";
import { trace } from "../../../test/harness/trace-calls.ts";
import { fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { arrayView } from "../view/array-view.ts";
import { functionStatistics, histogramBucket } from "./functions.ts";
import { programCounts, threadCounts } from "./programs.ts";
import { quantile } from "./quantile.ts";
import { returnCodeCounts } from "./return-codes.ts";

describe("quantiles", () => {
  test("are those of the sorted list, whatever the order", () => {
    for (const size of [1, 2, 3, 10, 1001]) {
      const values = Float64Array.from({ length: size }, (_, index) => (index * 7919) % 257);
      const sorted = [...values].sort((a, b) => a - b);
      for (const q of [0, 0.5, 0.95, 1])
        expect(quantile(values, 0, size, q)).toBe(sorted[Math.max(0, Math.ceil(q * size) - 1)]);
    }
  });
  test("of a million equal values are that value, and come before the test's time is over", () => {
    expect(quantile(new Float64Array(1_000_000).fill(5), 0, 1_000_000, 0.95)).toBe(5);
  });
});

test("durations are counted in half decades from 100 ns", () => {
  expect([50, 100, 316, 317, 999, 1000, 1e6].map(histogramBucket)).toEqual([0, 0, 0, 1, 1, 2, 8]);
});

const calls = trace(
  { name: "C_Sign", duration: 10_000_000 },
  { name: "C_Sign", duration: 30_000_000, rv: "CKR_DEVICE_ERROR" },
  { name: "C_Sign", duration: 1, rv: "CKR_BUFFER_TOO_SMALL", marks: ["size-question"] },
  { name: "C_Sign", duration: 9e12, marks: ["ambiguous"] },
  { name: "C_OpenSession", duration: 1_000_000, thread: "2" },
  { name: "C_GetAttributeValue", duration: null, rv: "CKR_ATTRIBUTE_TYPE_INVALID", process: 7 },
  { name: "card.c", kind: "message", rv: "-1214" },
);

describe("function statistics", () => {
  const table = functionStatistics(arrayView(calls));
  test("leave out ambiguous records and what is no call", () =>
    expect(table.map(({ name, calls: count }) => [name, count])).toEqual([
      ["C_Sign", 3],
      ["C_OpenSession", 1],
      ["C_GetAttributeValue", 1],
    ]));
  test("count errors, not size questions and optional attributes", () =>
    expect(table.map(({ errors }) => errors)).toEqual([1, 0, 0]));
  test("sum and sort durations", () => {
    expect(table[0]).toMatchObject({ total: 40_000_001, p50: 10_000_000, p95: 30_000_000, max: 30_000_000 });
    expect(table[0]?.share).toBeCloseTo(40 / 41, 3);
  });
  test("say nothing where the log has no times", () =>
    expect(table[2]).toMatchObject({ total: null, p50: null, share: null }));
});

test("programs and threads leave out ambiguous records, as functions do", () => {
  const view = arrayView(
    trace(
      { name: "C_Sign", rv: "CKR_DEVICE_ERROR", marks: ["ambiguous"] },
      { name: "C_Sign", thread: "2", marks: ["ambiguous"] },
      { name: "C_Login" },
    ),
  );
  expect(programCounts(view)).toMatchObject([{ calls: 1, errors: 0, logins: 1 }]);
  expect(threadCounts(view)).toMatchObject([{ thread: "1", calls: 1 }]);
});

test("commands to the card are counted by themselves", () => {
  const view = fixtureView("opensc-debug/piv-sign-level9-0.23.log");
  const commands = functionStatistics(view, view.isCommand);
  expect(commands[0]).toMatchObject({ name: "GENERAL AUTHENTICATE", calls: 2, errors: 0 });
  expect((commands[0]?.mean ?? 0) / 1e6).toBeGreaterThan(100);
  expect(functionStatistics(view).map(({ name }) => name)).not.toContain("GENERAL AUTHENTICATE");
});

test("waiting for a token is no share of the work", () =>
  expect(functionStatistics(arrayView(trace({ name: "C_WaitForSlotEvent" }, { name: "C_Sign" })))).toMatchObject([
    { name: "C_Sign", share: 1 },
    { name: "C_WaitForSlotEvent", share: null },
  ]));

test("return codes are counted with how many were no errors", () =>
  expect(returnCodeCounts(arrayView(calls))).toMatchObject([
    { rv: "CKR_OK", count: 2, expected: 2 },
    { rv: "CKR_ATTRIBUTE_TYPE_INVALID", count: 1, expected: 1 },
    { rv: "CKR_BUFFER_TOO_SMALL", count: 1, expected: 1 },
    { rv: "CKR_DEVICE_ERROR", count: 1, expected: 0 },
  ]));

test("every return code comes with its meaning in words", () =>
  expect(returnCodeCounts(arrayView(calls)).map(({ meaning }) => meaning)).toEqual([
    "The call succeeded.",
    ...Array.from({ length: 3 }, () => expect.stringMatching(/^[A-Z].+\.$/)),
  ]));

test("programs and threads are counted apart", () => {
  const view = arrayView(calls, ["/usr/bin/pkcs11-tool"]);
  expect(programCounts(view)).toMatchObject([
    { process: 100, program: "/usr/bin/pkcs11-tool", calls: 4, errors: 1, sessions: 1, first: "1764000000000000000" },
    { process: 7, calls: 1, errors: 0 },
  ]);
  expect(threadCounts(view).map(({ process, thread, calls: count }) => [process, thread, count])).toEqual([
    [100, "1", 3],
    [100, "2", 1],
    [7, "1", 1],
  ]);
});

test("a session that was never answered is not opened, also where no call of the log succeeded", () =>
  expect(programCounts(arrayView(trace({ name: "C_OpenSession", rv: null, marks: ["no-return"] })))).toMatchObject([
    { calls: 1, sessions: 0 },
  ]));
