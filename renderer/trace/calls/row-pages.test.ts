import { expect, test } from "vitest";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { pageSize, RowPages } from "./row-pages.ts";

const rowNamed = (row: number, name: string): TraceRow => ({
  row,
  file: 0,
  kind: "call",
  depth: 0,
  number: row,
  time: null,
  duration: null,
  durationIs: "unknown",
  process: null,
  thread: null,
  name,
  rv: null,
  outcome: "ok",
  session: null,
  summary: "",
  marks: [],
});

/** A trace of `total` rows that answers when told to. */
const source = (total: number) => {
  const asked: { from: number; answer(): Promise<void> }[] = [];
  const state = { total, name: "C_Sign" };
  const ask = (from: number, count: number) =>
    new Promise<never>((resolve) => {
      const answer = async () => {
        const end = Math.min(from + count, state.total);
        const rows = Array.from({ length: Math.max(0, end - from) }, (_, i) => rowNamed(from + i, state.name));
        const matched = state.total;
        resolve({ generation: 1, matched, total: matched, from, rows, searching: false } as never);
        await new Promise((done) => setTimeout(done));
      };
      asked.push({ from, answer });
    });
  return { asked, state, ask };
};

test("what a fling rushes past is not asked for", async () => {
  const { asked, ask } = source(3_000_000);
  const pages = new RowPages(ask, () => {});
  pages.want(0, 40);
  await asked[0]?.answer();
  for (let at = 0; at < 2_000_000; at += 40_000) pages.want(at, at + 40);
  expect(asked.length).toBeLessThanOrEqual(3);
  for (const { answer } of asked.slice(1)) await answer();
  await asked.at(-1)?.answer();
  expect(pages.at(1_960_000)?.row).toBe(1_960_000);
});

test("rows stay on the screen until their newer ones are there", async () => {
  const { asked, state, ask } = source(10);
  const pages = new RowPages(ask, () => {});
  pages.want(0, 10);
  await asked[0]?.answer();
  state.name = "C_Verify";
  pages.grown(true);
  expect(pages.at(3)?.name).toBe("C_Sign");
  await asked[1]?.answer();
  expect(pages.at(3)?.name).toBe("C_Verify");
});

test("a growing trace is asked for its last page alone", async () => {
  const { asked, state, ask } = source(2 * pageSize);
  const pages = new RowPages(ask, () => {});
  pages.want(0, pageSize);
  await asked[0]?.answer();
  state.total = 3 * pageSize;
  pages.grown(false);
  expect(asked.map(({ from }) => from)).toEqual([0, 2 * pageSize]);
  await asked[1]?.answer();
  expect(pages.matched).toBe(3 * pageSize);
});
