import { expect, test } from "vitest";
import { everything, many, noSelection, only, ranged, toggled } from "./selection.ts";

const order = ["a", "b", "c", "d"];
const chosen = (selection: { chosen: ReadonlySet<string> }) => [...selection.chosen].sort();

test("a range reaches from the anchor, in both directions, and shrinks again", () => {
  const from = only("b");
  expect(chosen(ranged(from, order, "d"))).toEqual(["b", "c", "d"]);
  expect(chosen(ranged(ranged(from, order, "d"), order, "a"))).toEqual(["a", "b"]);
});

test("a range without an anchor, or whose anchor is no longer shown, is the one row", () => {
  expect(chosen(ranged(noSelection, order, "c"))).toEqual(["c"]);
  expect(chosen(ranged(only("gone"), order, "c"))).toEqual(["c"]);
});

test("rows are added and taken out one by one", () => {
  expect(chosen(toggled(many(["a", "b"]), "c"))).toEqual(["a", "b", "c"]);
  expect(chosen(toggled(many(["a", "b"]), "b"))).toEqual(["a"]);
  expect(chosen(everything(noSelection, order))).toEqual(order);
});
