import { describe, expect, test } from "vitest";
import { Columns } from "../index/columns.ts";
import { markBit, withOutcome } from "../index/flags.ts";
import type { TraceReader } from "../reader.ts";
import { checkFilter } from "./check.ts";
import { conditionOf, evaluate, textTests } from "./evaluate.ts";
import { FilterError, parseFilter } from "./syntax.ts";

const names = ["", "C_Sign", "C_SignInit", "C_Login", "C_DestroyObject"];
const returnCodes = ["", "CKR_OK", "CKR_PIN_INCORRECT", "0x80000001"];
const at = (clock: string) => Date.parse(`2026-11-24T${clock}`) * 1000;

/** name, rv, ms, time, session, lane, flags */
const rows: [number, number, number, string, number, number, number][] = [
  [1, 1, 60, "12:00:00", 1, 0, withOutcome(0, "ok")],
  [2, 1, 1, "12:30:00", 1, 1, withOutcome(0, "ok")],
  [3, 2, 2000, "13:00:00", 2, 0, withOutcome(markBit.ambiguous, "error")],
  [4, 3, Number.NaN, "14:00:00", 0, 1, withOutcome(0, "error")],
  [3, 0, Number.NaN, "15:00:00", 2, 1, markBit.running],
];
const columns = new Columns(rows.length);
for (const [name, rv, duration, clock, session, lane, flags] of rows) {
  const slot = columns.add(0);
  columns.name[slot] = name;
  columns.rv[slot] = rv;
  columns.duration[slot] = duration * 1e6;
  columns.time[slot] = at(clock);
  columns.session[slot] = session;
  columns.lane[slot] = lane;
  columns.flags[slot] = flags;
}
const reader: TraceReader = {
  rowCount: rows.length,
  generation: 0,
  columns,
  names,
  returnCodes,
  lanes: [
    { file: 0, process: 123, thread: "0x3" },
    { file: 0, process: 124, thread: "7" },
  ],
  files: [],
  slot: (row) => row,
  rowOf: (slot) => slot,
  parse: () => {
    throw new Error("no filter by columns needs a record");
  },
  durationIs: () => "exact",
};

const matching = (filter: string): number[] => {
  const node = parseFilter(filter);
  if (!node) return rows.map((_, row) => row);
  const hits = Uint8Array.from(rows, (_, row) => (row === 2 ? 1 : 0));
  const known = Uint8Array.from(rows, (_, row) => (row === 4 ? 0 : 1));
  const passes = evaluate(conditionOf(node), reader, () => ({ hits, known }));
  return [...passes].flatMap((pass, row) => (pass ? [row] : []));
};

test.each([
  ["", [0, 1, 2, 3, 4]],
  ["fn:C_Sign", [0]],
  ["fn:sign*", [0, 1]],
  ["fn!=C_Sign*", [2, 3, 4]],
  ["rv!=CKR_OK", [2, 3]],
  ["rv:pin_*", [2]],
  ["rv=0xA0", [2]],
  ["rv=0x80000001", [3]],
  ["dur>50ms", [0, 2]],
  ["dur<=1ms", [1]],
  ["dur>=2s", [2]],
  ["time>=13:00", [2, 3, 4]],
  ["time<2026-11-24T12:30", [0]],
  ["session:0x2", [2, 4]],
  ["session!=1", [2, 4]],
  ["tid:3", [0, 2]],
  ["pid:124", [1, 3, 4]],
  ["is:error", [2, 3]],
  ["is!=error", [0, 1, 4]],
  ["is:login", [2, 4]],
  ["is:change", [3]],
  ["is:ambiguous", [2]],
  ["is:running", [4]],
  ["fn:C_Sign OR is:change", [0, 3]],
  ["is:error NOT is:ambiguous", [3]],
  ["!(fn:C_Sign || fn:C_Login)", [1, 3]],
  ["(pid:123 OR tid:7) AND is:error", [2, 3]],
  ['"some text"', [2]],
  // What has not been searched yet passes neither way.
  ["NOT text:abc", [0, 1, 3]],
])("%s", (filter, expected) => {
  expect(matching(filter)).toEqual(expected);
});

test("a text in quotes may hold anything", () => {
  const node = parseFilter('label:"my \\"own\\" (key)" OR "fn:C_Sign"');
  expect(node && textTests(conditionOf(node)).map(({ text, field }) => [field, text])).toEqual([
    ["label", 'my "own" (key)'],
    ["any", "fn:C_Sign"],
  ]);
});

describe("what is wrong is said with its place", () => {
  test.each([
    ["fn:", "value is missing", 3, 3],
    ["fn:C_Sign color:red", "There is no color", 10, 15],
    ["dur>fast", "A time is needed", 4, 8],
    ["fn>C_Sign", "can be followed by", 2, 3],
    ["is:eror", "There is no is:eror", 3, 7],
    ["(fn:C_Sign", "not closed", 0, 1],
    ["fn:C_Sign)", "not opened", 9, 10],
    ["fn:C_Sign OR", "missing at the end", 12, 12],
    ['label:"abc', "closing quote", 6, 10],
    [`${"(".repeat(40)}a${")".repeat(40)}`, "nested too deeply", 0, 81],
  ])("%s", (filter, message, from, to) => {
    const checked = checkFilter(filter, 0, null);
    expect(checked).toMatchObject({ valid: false, at: { from, to } });
    expect(checked.message).toContain(message);
  });
});

test("any text at all is either a filter or a FilterError", () => {
  const pieces = ["fn:", "(", ")", '"', "\\", " ", "OR", "NOT", "!", "dur>", "1ms", "is:error", "é", ":", "&&"];
  let seed = 7;
  for (let i = 0; i < 5000; i++) {
    let text = "";
    for (let j = 0; j < 8; j++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      text += pieces[(seed >>> 16) % pieces.length];
    }
    try {
      matching(text);
    } catch (thrown) {
      expect(thrown, text).toBeInstanceOf(FilterError);
    }
  }
});

describe("completion", () => {
  const texts = (filter: string, cursor = filter.length) =>
    checkFilter(filter, cursor, reader).completions.map(({ text }) => text);

  test("keys at the start of a word", () => {
    expect(texts("is:error s")).toEqual(["session:"]);
    expect(texts("")).toContain("fn:");
  });
  test("values: words of this trace", () => {
    expect(texts("fn:sign")).toEqual(["C_Sign", "C_SignInit"]);
    expect(texts("rv!=")).toEqual(["CKR_OK", "0x80000001", "CKR_PIN_INCORRECT"]);
    expect(texts("pid:")).toEqual(["123", "124"]);
    expect(texts("is:lo")).toEqual(["login"]);
  });
  test("the range to replace is the word or value at the cursor", () => {
    expect(checkFilter("fn:C_SignX rv:a", 9, reader).completions[0]).toMatchObject({ text: "C_Sign", from: 3, to: 10 });
  });
  test("nothing within quotes", () => {
    expect(texts('label:"fn')).toEqual([]);
  });
});

test("What passes is right at the borders of the blocks in which slots are asked, and the mask ends with the slots", () => {
  for (const count of [1, 3, 16_383, 16_384, 16_385, 32_770]) {
    const columns = new Columns(count);
    for (let slot = 0; slot < count; slot++) {
      columns.add(slot);
      columns.duration[slot] = (slot % 3) * 1e6;
      columns.session[slot] = slot % 5;
    }
    const own = { ...reader, columns };
    const node = parseFilter("dur>1ms OR NOT session:0x4");
    if (!node) throw new Error("no filter");
    const passes = evaluate(conditionOf(node), own, () => ({ hits: new Uint8Array(0), known: new Uint8Array(0) }));
    const expected = Array.from({ length: count }, (_, slot) => (slot % 3 === 2 || slot % 5 !== 4 ? 1 : 0));
    expect([...passes]).toEqual(expected);
    expect([...new Uint8Array(passes.buffer)].slice(count).every((byte) => byte === 0)).toBe(true);
  }
});
