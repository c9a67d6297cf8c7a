import type { TraceReader } from "../reader.ts";
import type { Node, Operator } from "./syntax.ts";
import { type Test, testOf } from "./terms.ts";

/** A checked filter, ready to be asked about slots. */
export type Condition =
  | { kind: "test"; test: Test }
  | { kind: "and" | "or"; parts: Condition[] }
  | { kind: "not"; part: Condition };

type TextTest = Test & { kind: "text" };

/** Whether text stands in the record of a slot, as far as that is known. */
export interface TextAnswers {
  /** 1 for each slot whose record has the text. */
  hits: Uint8Array;
  /** 1 for each slot that has been looked at. */
  known: Uint8Array;
}

/** @throws FilterError */
export const conditionOf = (node: Node): Condition => {
  if (node.kind === "term") return { kind: "test", test: testOf(node) };
  if (node.kind === "not") return { kind: "not", part: conditionOf(node.part) };
  return { kind: node.kind, parts: node.parts.map(conditionOf) };
};

/** @returns the tests for text in a condition. */
export const textTests = (condition: Condition): TextTest[] => {
  if (condition.kind === "test") return condition.test.kind === "text" ? [condition.test] : [];
  return condition.kind === "not" ? textTests(condition.part) : condition.parts.flatMap(textTests);
};

/** What the tests for text have found so far. */
type Answers = (test: TextTest) => TextAnswers;

/**
 * Asks a condition about all slots of a trace: one pass over one column for each test, some 2 ns a slot.
 * @returns 1 for each slot that passes; slots whose text is not known yet do not.
 */
export const evaluate = (condition: Condition, reader: TraceReader, answers: Answers): Uint8Array => {
  const passes = ask(condition, reader, answers);
  for (const test of textTests(condition)) {
    const { known } = answers(test);
    for (let i = 0; i < passes.length; i++) passes[i] = (passes[i] ?? 0) & (known[i] ?? 0);
  }
  return passes;
};

const ask = (condition: Condition, reader: TraceReader, answers: Answers): Uint8Array => {
  if (condition.kind === "test") return askTest(condition.test, reader, answers);
  if (condition.kind === "not") {
    const passes = ask(condition.part, reader, answers);
    for (let i = 0; i < passes.length; i++) passes[i] = (passes[i] ?? 0) ^ 1;
    return passes;
  }
  const [first, ...others] = condition.parts.map((part) => ask(part, reader, answers));
  const passes = first ?? newMask(reader.columns.count).fill(1);
  const joined = words(passes);
  for (const other of others.map(words))
    if (condition.kind === "and")
      for (let i = 0; i < joined.length; i++) joined[i] = (joined[i] ?? 0) & (other[i] ?? 0);
    else for (let i = 0; i < joined.length; i++) joined[i] = (joined[i] ?? 0) | (other[i] ?? 0);
  return passes;
};

const askTest = (test: Test, reader: TraceReader, answers: Answers): Uint8Array => {
  const { columns, names, returnCodes, lanes } = reader;
  const { count } = columns;
  switch (test.kind) {
    case "name":
      return byTable(columns.name, tableOf(names, test.accepts), count);
    case "rv":
      return byTable(columns.rv, tableOf(returnCodes, test.accepts), count);
    case "lane":
      return byTable(columns.lane, tableOf(lanes, test.accepts), count);
    case "flags":
      return byTable(columns.flags, numberTable(65536, test.accepts), count);
    case "kind":
      return byTable(columns.kind, numberTable(256, test.accepts), count);
    case "duration":
    case "time":
      return byOrder(columns[test.kind], test.operator, test.limit, count);
    case "session": {
      const passes = byOrder(columns.session, test.operator, test.limit, count);
      // A call without a session has neither this nor another one.
      for (let i = 0; i < passes.length; i++) if (columns.session[i] === 0) passes[i] = 0;
      return passes;
    }
    case "clock":
      return byClock(columns.time, test.accepts, count);
    case "text": {
      const passes = newMask(count);
      passes.set(answers(test).hits.subarray(0, count));
      return passes;
    }
  }
};

const tableOf = <T>(words: readonly T[], accepts: (word: T) => boolean): Uint8Array => {
  const table = new Uint8Array(65536);
  // A dictionary that is full has a hole before its last word, over which forEach goes.
  words.forEach((word, id) => {
    table[id] = accepts(word) ? 1 : 0;
  });
  return table;
};

const numberTable = (size: number, accepts: (value: number) => boolean): Uint8Array => {
  const table = new Uint8Array(size);
  for (let value = 0; value < size; value++) table[value] = accepts(value) ? 1 : 0;
  return table;
};

const byTable = (column: Uint16Array | Uint8Array, table: Uint8Array, count: number): Uint8Array => {
  const passes = newMask(count);
  for (let slot = 0; slot < count; slot++) passes[slot] = table[column[slot] ?? 0] ?? 0;
  return passes;
};

/** A loop for each operator: a function called for each value would take three times as long. NaN passes none of them. */
const byOrder = (
  column: Float64Array | Float32Array | Uint32Array,
  operator: Operator,
  limit: number,
  count: number,
): Uint8Array => {
  const passes = newMask(count);
  const values = column.subarray(0, count);
  switch (operator) {
    case ">":
      for (let i = 0; i < values.length; i++) passes[i] = (values[i] ?? 0) > limit ? 1 : 0;
      break;
    case ">=":
      for (let i = 0; i < values.length; i++) passes[i] = (values[i] ?? 0) >= limit ? 1 : 0;
      break;
    case "<":
      for (let i = 0; i < values.length; i++) passes[i] = (values[i] ?? 0) < limit ? 1 : 0;
      break;
    case "<=":
      for (let i = 0; i < values.length; i++) passes[i] = (values[i] ?? 0) <= limit ? 1 : 0;
      break;
    case "!=":
      for (let i = 0; i < values.length; i++) passes[i] = (values[i] ?? 0) < limit || (values[i] ?? 0) > limit ? 1 : 0;
      break;
    default:
      for (let i = 0; i < values.length; i++) passes[i] = values[i] === limit ? 1 : 0;
  }
  return passes;
};

const byClock = (column: Float64Array, accepts: (time: number) => boolean, count: number): Uint8Array => {
  const passes = newMask(count);
  for (let slot = 0; slot < count; slot++) {
    const time = column[slot] ?? Number.NaN;
    passes[slot] = !Number.isNaN(time) && accepts(time) ? 1 : 0;
  }
  return passes;
};

/** Masks are made so that four slots at a time can be joined. */
const newMask = (length: number): Uint8Array => new Uint8Array(new ArrayBuffer((length + 3) & ~3), 0, length);
const words = (mask: Uint8Array): Uint32Array => new Uint32Array(mask.buffer, 0, (mask.length + 3) >> 2);
