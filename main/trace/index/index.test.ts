import { expect, test } from "vitest";
import { arrange, extend } from "../rows-in-order.ts";
import { Columns, foldHandle } from "./columns.ts";
import { Dictionary, overflowId } from "./dictionary.ts";

test("A dictionary knows a word again after the bytes that it was read from are overwritten", () => {
  const dictionary = new Dictionary();
  const buffer = Buffer.from("C_SignC_Login");
  const sign = dictionary.idOfBytes(buffer, 0, 6);
  buffer.write("C_LoginC_Sign");
  expect(dictionary.idOfBytes(buffer, 0, 7)).not.toBe(sign);
  expect(dictionary.idOfBytes(buffer, 7, 13)).toBe(sign);
  expect(dictionary.id("C_Sign")).toBe(sign);
  expect(dictionary.words).toEqual(["", "C_Sign", "C_Login"]);
});

test("A dictionary that is full calls everything else by one word", () => {
  const dictionary = new Dictionary();
  for (let i = 0; i < 70_000; i++) dictionary.idOfBytes(Buffer.from(`word ${i}`), 0, 32);
  expect(dictionary.idOfBytes(Buffer.from("word 5"), 0, 6)).toBe(6);
  expect(dictionary.idOfBytes(Buffer.from("word 69999"), 0, 10)).toBe(overflowId);
  expect(dictionary.words[overflowId]).toBe("(further ones)");
});

const columnsOf = (times: number[], lanes: number[]): Columns => {
  const columns = new Columns(1);
  for (const [i, time] of times.entries()) {
    const slot = columns.add(i);
    columns.time[slot] = time;
    columns.lane[slot] = lanes[i] ?? 0;
  }
  return columns;
};
const lanes = [0, 1, 2].map((file) => ({ file, process: null, thread: "" }));

test("Rows go by time over files, and keep the order of their file", () => {
  const columns = columnsOf([5, Number.NaN, 4, 9, 1, 7, 3], [0, 0, 0, 0, 1, 1, 2]);
  const { slots, rows } = arrange(columns, lanes, 3);
  // Slot 2 goes back in time, slot 1 has none: both stay behind slot 0.
  expect([...slots]).toEqual([4, 6, 0, 1, 2, 5, 3]);
  expect([...slots].map((slot) => rows[slot])).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test("Later rows are put at the end without moving any; an earlier one moves rows", () => {
  const columns = columnsOf([1, 2, 3], [0, 1, 0]);
  const order = arrange(columns, lanes, 3);
  for (const [time, lane] of [
    [6, 0],
    [5, 1],
  ] as const) {
    const slot = columns.add(0);
    columns.time[slot] = time;
    columns.lane[slot] = lane;
  }
  const more = extend(order, columns, lanes, 3);
  expect([...(more?.slots ?? [])]).toEqual([0, 1, 2, 4, 3]);
  columns.time[columns.add(0)] = 2.5;
  expect(more && extend(more, columns, lanes, 3)).toBeNull();
});

test("Parts are appended whole, and records can be taken out", () => {
  const columns = columnsOf([1, 2], [0, 0]);
  const part = columnsOf([3, 4, 5, 6], [1, 1, 1, 1]);
  part.remove([0, 2]);
  columns.append(part);
  expect([...columns.time.subarray(0, columns.count)]).toEqual([1, 2, 4, 6]);
  columns.dropFirst(3);
  expect([...columns.time.subarray(0, columns.count)]).toEqual([6]);
});

test("Handles over 32 bits keep what tells them apart", () => {
  expect(foldHandle(0xffffffff)).toBe(0xffffffff);
  expect(foldHandle(0x1_0000_0001)).not.toBe(foldHandle(0x2_0000_0001));
});
