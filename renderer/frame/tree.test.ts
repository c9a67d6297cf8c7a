import { describe, expect, test } from "vitest";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { SlotRow, TokenRow } from "../../preload/contract/tokens.ts";
import { treeItems, treeStep } from "./tree.ts";

const slot = (number: number, label: string | null): SlotRow =>
  ({
    slot: number,
    description: "Reader",
    error: null,
    token:
      label === null
        ? null
        : ({
            label,
            serial: `${number}${label}`,
            initialised: true,
            ref: { slot: number, label, serial: `${number}${label}` },
          } as TokenRow),
  }) as SlotRow;
const of = (id: string, slots: SlotRow[] | null) => ({
  module: { id, name: id, state: slots ? "ready" : "starting" } as ModuleRow,
  slots,
  unreadable: false,
});

const items = treeItems([
  of("Demo", [slot(1, "Twin"), slot(2, "Alone"), slot(3, null)]),
  of("HSM", null),
  of("Card", [slot(7, "Twin")]),
]);

test("modules and their tokens, with their place among siblings; empty slots are told with the module", () => {
  expect(items.map(({ title, level, position, of }) => [title, level, position, of])).toEqual([
    ["Demo", 1, 1, 3],
    ["Twin", 2, 1, 2],
    ["Alone", 2, 2, 2],
    ["HSM", 1, 2, 3],
    ["Card", 1, 3, 3],
    ["Twin", 2, 1, 1],
  ]);
  expect(items.map((item) => (item.kind === "module" ? item.note : item.mark?.short))).toEqual([
    "1 empty slot",
    "1Twin",
    undefined,
    null,
    null,
    "7Twin",
  ]);
});

describe("arrow keys", () => {
  test.each([
    ["ArrowDown", 0, 1],
    ["ArrowDown", 5, 5],
    ["ArrowUp", 0, 0],
    ["ArrowUp", 3, 2],
    ["Home", 4, 0],
    ["End", 1, 5],
    ["ArrowRight", 0, 1],
    ["ArrowRight", 1, 1],
    ["ArrowRight", 3, 3],
    ["ArrowLeft", 2, 0],
    ["ArrowLeft", 5, 4],
    ["ArrowLeft", 3, 3],
    ["t", 0, 1],
    ["t", 1, 5],
    ["T", 5, 1],
    ["z", 0, null],
    ["Tab", 0, null],
    ["Enter", 0, null],
  ])("%s from %i leads to %s", (key, from, to) => {
    expect(treeStep(items, key, from)).toBe(to);
  });
});
