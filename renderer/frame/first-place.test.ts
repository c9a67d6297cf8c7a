import { describe, expect, test } from "vitest";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { SlotRow, TokenRow } from "../../preload/contract/tokens.ts";
import type { ModuleSlots } from "../tokens/useSlots.ts";
import { firstPlace } from "./first-place.ts";

const slot = (label: string, initialised = true): SlotRow =>
  ({ token: { label, initialised, ref: { label, serial: `serial of ${label}` } } as TokenRow }) as SlotRow;
const module = (id: string, state: ModuleRow["state"], slots: SlotRow[] | null = null): ModuleSlots => ({
  module: { id, state } as ModuleRow,
  slots,
  unreadable: false,
});
const last = { module: "hsm", token: { label: "Mine", serial: "serial of Mine" } };
const labelOf = (place: ReturnType<typeof firstPlace>) =>
  place !== null && place !== "wait" && place.kind === "token" ? place.token.label : place;

describe("the window opens", () => {
  const demo = module("demo", "ready", [slot("", false), slot("Demo")]);

  test("with the token that was chosen last, even if its module is up later", () => {
    expect(labelOf(firstPlace([demo, module("hsm", "starting")], last))).toBe("wait");
    expect(labelOf(firstPlace([demo, module("hsm", "ready")], last))).toBe("wait");
    expect(labelOf(firstPlace([demo, module("hsm", "ready", [slot("Other"), slot("Mine")])], last))).toBe("Mine");
  });

  test("with the demo token if the last one is not there, its module failed, or it was removed", () => {
    expect(labelOf(firstPlace([demo, module("hsm", "ready", [slot("Other")])], last))).toBe("Demo");
    expect(labelOf(firstPlace([demo, module("hsm", "failed")], last))).toBe("Demo");
    expect(labelOf(firstPlace([demo], last))).toBe("Demo");
    expect(labelOf(firstPlace([demo, { ...module("hsm", "ready"), unreadable: true }], last))).toBe("Demo");
  });

  test("with the demo token the first time, whichever module is up first", () => {
    const other = module("hsm", "ready", [slot("Other")]);
    expect(labelOf(firstPlace([module("demo", "starting"), other], null))).toBe("wait");
    expect(labelOf(firstPlace([demo, other], null))).toBe("Demo");
    expect(labelOf(firstPlace([demo, module("hsm", "starting")], null))).toBe("Demo");
  });

  test("with a new token where none is initialised, and with another module where the first has none", () => {
    expect(labelOf(firstPlace([module("demo", "ready", [slot("", false)])], null))).toBe("");
    const empty = module("demo", "ready", []);
    expect(labelOf(firstPlace([empty, module("hsm", "ready", [slot("Other")])], null))).toBe("Other");
    expect(firstPlace([empty, module("hsm", "failed")], null)).toBeNull();
    expect(firstPlace([], null)).toBeNull();
  });

  test("not before any module has begun", () => {
    expect(firstPlace([module("demo", "stopped"), module("hsm", "stopped")], last)).toBe("wait");
  });
});
