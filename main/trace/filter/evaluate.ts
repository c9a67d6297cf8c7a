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

/** Slots that are asked about together: what is found out about them on the way stays in the processor's cache. */
const blockSlots = 16384;

/** A mask for so many slots, which is made so that four slots at a time can be joined. */
export const newMask = (length: number): Uint8Array => new Uint8Array(new ArrayBuffer((length + 3) & ~3), 0, length);

/**
 * Asks a condition about all slots of a trace: one pass over one column for each test, some 2 ns a slot.
 * @returns 1 for each slot that passes; slots whose text is not known yet do not. As many as there are slots, in memory
 * of a multiple of four bytes, the further ones 0.
 * @param passes a mask for all slots, to be filled again
 */
export const evaluate = (
  condition: Condition,
  reader: TraceReader,
  answers: Answers,
  passes = newMask(reader.columns.count),
): Uint8Array => {
  const { count } = reader.columns;
  const ask = blockAsker(condition, reader, answers);
  const known = textTests(condition).map((test) => answers(test).known);
  for (let from = 0; from < count; from += blockSlots) {
    const block = passes.subarray(from, Math.min(from + blockSlots, count));
    ask(from, block);
    for (const own of known) for (let i = 0; i < block.length; i++) block[i] = (block[i] ?? 0) & (own[from + i] ?? 0);
  }
  // What joining words has left behind the last slot.
  new Uint8Array(passes.buffer, count).fill(0);
  return passes;
};

/** Asks about the slots from `from` on, as many as `passes` is long, and puts 1 or 0 for each into it. */
type BlockAsker = (from: number, passes: Uint8Array) => void;

const blockAsker = (condition: Condition, reader: TraceReader, answers: Answers): BlockAsker => {
  if (condition.kind === "test") return testAsker(condition.test, reader, answers);
  if (condition.kind === "not") {
    const ask = blockAsker(condition.part, reader, answers);
    return (from, passes) => {
      ask(from, passes);
      for (let i = 0; i < passes.length; i++) passes[i] = (passes[i] ?? 0) ^ 1;
    };
  }
  const [first, ...others] = condition.parts.map((part) => blockAsker(part, reader, answers));
  const join = condition.kind === "and" ? joinBoth : joinEither;
  const other = newMask(blockSlots);
  return (from, passes) => {
    if (first) first(from, passes);
    else passes.fill(1);
    for (const ask of others) {
      ask(from, other.subarray(0, passes.length));
      join(words(passes), words(other));
    }
  };
};

const joinBoth = (to: Uint32Array, other: Uint32Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) & (other[i] ?? 0);
};
const joinEither = (to: Uint32Array, other: Uint32Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) | (other[i] ?? 0);
};

const testAsker = (test: Test, reader: TraceReader, answers: Answers): BlockAsker => {
  const { columns, names, returnCodes, lanes } = reader;
  switch (test.kind) {
    case "name":
      return byTable(columns.name, tableOf(names, test.accepts));
    case "rv":
      return byTable(columns.rv, tableOf(returnCodes, test.accepts));
    case "lane":
      return byTable(columns.lane, tableOf(lanes, test.accepts));
    case "flags":
      return byTable(columns.flags, numberTable(65536, test.accepts));
    case "kind":
      return byTable(columns.kind, numberTable(256, test.accepts));
    case "duration":
    case "time":
      return byOrder(columns[test.kind], test.operator, test.limit);
    case "session": {
      const ask = byOrder(columns.session, test.operator, test.limit);
      return (from, passes) => {
        ask(from, passes);
        // A call without a session has neither this nor another one.
        for (let i = 0; i < passes.length; i++) if (columns.session[from + i] === 0) passes[i] = 0;
      };
    }
    case "clock":
      return byClock(columns.time, test.accepts);
    case "text": {
      const { hits } = answers(test);
      return (from, passes) => {
        passes.fill(0);
        passes.set(hits.subarray(from, from + passes.length));
      };
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

const byTable = (column: Uint16Array | Uint8Array, table: Uint8Array): BlockAsker => {
  if (column instanceof Uint8Array) return (from, passes) => lookUp(column, from, table, passes, 0);
  return (from, passes) => {
    const whole = passes.length >> 2;
    const pairs = new Uint32Array(column.buffer, column.byteOffset + from * 2, whole * 2);
    lookUpFours(pairs, table, new Uint32Array(passes.buffer, passes.byteOffset, whole));
    lookUp(column, from, table, passes, whole * 4);
  };
};

/** Loops have all that they read in their own parameters: what an outer function holds is fetched again for each slot. */
const lookUp = (
  column: Uint16Array | Uint8Array,
  from: number,
  table: Uint8Array,
  passes: Uint8Array,
  first: number,
): void => {
  for (let i = first; i < passes.length; i++) passes[i] = table[column[from + i] ?? 0] ?? 0;
};

/** Four slots a turn, which takes a third of the time of one by one. @param pairs ids, two in each number, the first low */
const lookUpFours = (pairs: Uint32Array, table: Uint8Array, fours: Uint32Array): void => {
  for (let i = 0; i < fours.length; i++) {
    const low = pairs[2 * i] ?? 0;
    const high = pairs[2 * i + 1] ?? 0;
    fours[i] =
      (table[low & 0xffff] ?? 0) |
      ((table[low >>> 16] ?? 0) << 8) |
      ((table[high & 0xffff] ?? 0) << 16) |
      ((table[high >>> 16] ?? 0) << 24);
  }
};

/** A loop for each operator: a function called for each value would take three times as long. NaN passes none of them. */
const byOrder = (column: Float64Array | Float32Array | Uint32Array, operator: Operator, limit: number): BlockAsker => {
  return (from, passes) => compareAll(column.subarray(from, from + passes.length), operator, limit, passes);
};

const compareAll = (
  values: Float64Array | Float32Array | Uint32Array,
  operator: Operator,
  limit: number,
  passes: Uint8Array,
): void => {
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
};

const byClock =
  (column: Float64Array, accepts: (time: number) => boolean): BlockAsker =>
  (from, passes) => {
    for (let i = 0; i < passes.length; i++) {
      const time = column[from + i] ?? Number.NaN;
      passes[i] = !Number.isNaN(time) && accepts(time) ? 1 : 0;
    }
  };

const words = (mask: Uint8Array): Uint32Array => new Uint32Array(mask.buffer, mask.byteOffset, (mask.length + 3) >> 2);
