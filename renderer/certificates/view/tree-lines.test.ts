import { expect, test } from "vitest";
import type { TreeNode } from "../../../preload/contract/x509.ts";
import { around, nodePieces, seenLines, shownRange } from "./tree-lines.ts";

const node = (level: number, offset: number, length: number): TreeNode => ({
  offset,
  header: 2,
  length,
  indefinite: false,
  level,
  tag: "SEQUENCE",
  constructed: true,
  inner: true,
  value: "",
});

/** A SEQUENCE with two elements, the first of which has one in it. */
const nodes = [node(0, 0, 12), node(1, 2, 4), node(2, 4, 2), node(1, 8, 4)];

test("what is in a closed element is not seen; what follows it is", () => {
  expect(seenLines(nodes, new Set())).toEqual([0, 1, 2, 3]);
  expect(seenLines(nodes, new Set([1]))).toEqual([0, 1, 3]);
  expect(seenLines(nodes, new Set([0]))).toEqual([0]);
});

test("the left arrow leads to the element around", () => {
  expect([0, 1, 2, 3].map((at) => around(nodes, at))).toEqual([0, 0, 1, 0]);
});

test("every byte belongs to the innermost element", () => {
  const owner = (byte: number) =>
    nodePieces(nodes, { from: 0, to: 14 }).find(({ from, to }) => from <= byte && byte < to)?.path;
  expect([0, 1, 2, 3, 4, 7, 8, 13].map(owner)).toEqual(["0", "0", "1", "1", "2", "2", "3", "3"]);
});

test("the shown bytes begin at a row, with two rows before, and are never more than 4 KiB", () => {
  expect(shownRange(node(0, 100, 5), 1000)).toEqual({ from: 64, to: 144 });
  expect(shownRange(node(0, 0, 1_000_000), 1_000_004)).toEqual({ from: 0, to: 4096 });
});
