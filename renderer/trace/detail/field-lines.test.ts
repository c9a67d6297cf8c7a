import { expect, test } from "vitest";
import type { TraceField } from "../../../preload/contract/trace.ts";
import { fieldLines, piecesOf } from "./field-lines.ts";

const field = (name: string, from: number, to: number, fields?: TraceField[]): TraceField => ({
  name,
  direction: "in",
  text: "",
  kind: "number",
  at: { from, to },
  ...(fields ? { fields } : {}),
});
const template = field("pTemplate", 10, 40, [field("CKA_LABEL", 12, 20), field("CKA_ID", 25, 30)]);

test("a tree can be closed", () => {
  expect(fieldLines([template], new Set()).map(({ path, level }) => [path, level])).toEqual([
    ["0", 1],
    ["0.0", 2],
    ["0.1", 2],
  ]);
  expect(fieldLines([template], new Set(["0"]))).toHaveLength(1);
});

test("every byte belongs to the innermost field around it", () => {
  const pieces = piecesOf([template], [{ from: 25, to: 30 }], 50);
  expect(pieces.map(({ from, to, path, masked }) => [from, to, path, masked])).toEqual([
    [0, 10, null, false],
    [10, 12, "0", false],
    [12, 20, "0.0", false],
    [20, 25, "0", false],
    [25, 30, "0.1", true],
    [30, 40, "0", false],
    [40, 50, null, false],
  ]);
});

test("a field behind what is shown cuts nothing", () => {
  expect(piecesOf([field("x", 60, 80)], [], 50)).toEqual([{ from: 0, to: 50, path: null, masked: false }]);
});
