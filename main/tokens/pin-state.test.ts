import { describe, expect, test } from "vitest";
import { pinState } from "./pin-state.ts";

const initialised = 0x400;
const userPin = 0x8;
const pad = 0x100;

describe("the user PIN", () => {
  const cases = [
    ["not set", initialised],
    ["set", initialised | userPin],
    ["some tries used", initialised | userPin | 0x10000],
    ["final try", initialised | userPin | 0x10000 | 0x20000],
    ["locked", initialised | userPin | 0x10000 | 0x20000 | 0x40000],
    ["must be changed", initialised | userPin | 0x80000],
    ["some tries used", initialised | userPin | 0x80000 | 0x10000],
    ["on the reader", initialised | userPin | pad],
    ["final try", initialised | userPin | pad | 0x20000],
    ["not set", 0x40000],
  ] as const;
  test.each(cases)("is %s with flags %i", (state, flags) => {
    expect(pinState(flags, "user").state).toBe(state);
  });

  test("and the SO PIN do not take each other's flags", () => {
    expect(pinState(initialised | userPin | 0x40000, "so").state).toBe("set");
    expect(pinState(initialised | userPin | 0x400000, "user").state).toBe("set");
  });
});

describe("the SO PIN", () => {
  const cases = [
    ["not set", 0],
    // SoftHSM's spare slot.
    ["not set", 0x400000 | 0x800000],
    ["set", initialised],
    ["some tries used", initialised | 0x100000],
    ["final try", initialised | 0x100000 | 0x200000],
    ["locked", initialised | 0x400000],
    ["must be changed", initialised | 0x800000],
  ] as const;
  test.each(cases)("is %s with flags %i", (state, flags) => {
    expect(pinState(flags, "so").state).toBe(state);
  });
});

test("the words say what to do, and never a number of tries", () => {
  const everyFlag = [0, 0x8, 0x100, 0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000];
  for (const flag of everyFlag)
    for (const who of ["user", "so"] as const) {
      const { words } = pinState(initialised | userPin | flag, who);
      expect(words).toMatch(who === "so" ? /SO PIN/ : /user PIN/);
      expect(words).not.toMatch(/\d|two|three|five/);
    }
  expect(pinState(initialised | userPin | 0x40000, "user").words).toContain("with the SO PIN");
  expect(pinState(initialised | 0x400000, "so").words).toContain("destroys every object");
});
