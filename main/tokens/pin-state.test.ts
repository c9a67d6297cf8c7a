import { describe, expect, test } from "vitest";
import { hasNoPins, type PinFacts, pinState } from "./pin-state.ts";

const facts = (flags: number): PinFacts => ({ flags, maxPinLen: 255 });
const loginRequired = 0x4;
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
    expect(pinState(facts(flags), "user").state).toBe(state);
  });

  test("and the SO PIN do not take each other's flags", () => {
    expect(pinState(facts(initialised | userPin | 0x40000), "so").state).toBe("set");
    expect(pinState(facts(initialised | userPin | 0x400000), "user").state).toBe("set");
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
    expect(pinState(facts(flags), "so").state).toBe(state);
  });
});

test("the words say what to do, and never a number of tries", () => {
  const everyFlag = [0, 0x8, 0x100, 0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000];
  for (const flag of everyFlag)
    for (const who of ["user", "so"] as const) {
      const { words } = pinState(facts(initialised | userPin | flag), who);
      expect(words).toMatch(who === "so" ? /SO PIN/ : /user PIN/);
      expect(words).not.toMatch(/\d|two|three|five/);
    }
  expect(pinState(facts(initialised | userPin | 0x40000), "user").words).toContain("with the SO PIN");
  expect(pinState(facts(initialised | 0x400000), "so").words).toContain("destroys every object");
});

describe("a token without PINs", () => {
  const writeProtected = 0x2;
  test("needs no login, and neither PIN is said to be set or to be missing", () => {
    for (const who of ["user", "so"] as const) {
      const { state, words } = pinState({ flags: initialised | writeProtected, maxPinLen: 0 }, who);
      expect(state).toBe("none");
      expect(words).toContain("needs no login");
    }
  });

  test.each([
    ["is not initialised yet", 0, 0],
    ["wants a login", initialised | loginRequired, 0],
    ["has a user PIN", initialised | userPin, 0],
    ["has a reader with keys", initialised | pad, 0],
    // NSS softokn before the first password: it can be given one.
    ["has room for a PIN", initialised, 500],
  ])("is not one that %s", (_what, flags, maxPinLen) => {
    expect(hasNoPins({ flags, maxPinLen })).toBe(false);
  });
});
