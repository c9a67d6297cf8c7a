import { expect, test } from "vitest";
import { presets } from "./presets.ts";
import { presetUsage } from "./usage.ts";

test("every preset says for each kind of key both what the token needs and what the key may do", () => {
  for (const { name, kinds } of presets) expect(Object.keys(kinds), name).toEqual(Object.keys(presetUsage[name]));
  expect(presets.map(({ name }) => name).sort()).toEqual(Object.keys(presetUsage).sort());
});
