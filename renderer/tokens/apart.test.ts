import { describe, expect, test } from "vitest";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { markOf, type PresentToken } from "./apart.ts";

let slots = 0;
const token = (label: string, serial: string, more: { module?: string; slot?: number; initialised?: boolean } = {}) => {
  const { module = "demo", slot = ++slots, initialised = true } = more;
  return { module, token: { label, serial, initialised, ref: { label, serial, slot } } as TokenRow } as PresentToken;
};
const marks = (...present: PresentToken[]) => present.map((one) => markOf(one, present)?.short ?? null);

describe("what is shown beside a token's label", () => {
  test("is nothing while no other present token has that label", () => {
    expect(marks(token("One", "1111222233334444"), token("Two", "1111222233335555"))).toEqual([null, null]);
  });

  test("is the end of the serial for tokens with one label, also over several modules", () => {
    const present = [token("Twin", "9ffa313330841abf"), token("Twin", "c3480363bfbc1514", { module: "other" })];
    expect(marks(...present)).toEqual(["…841abf", "…bc1514"]);
    expect(present.map((one) => markOf(one, present)?.full)).toEqual([
      "serial 9ffa313330841abf",
      "serial c3480363bfbc1514",
    ]);
  });

  test("is as much of the serial as it takes", () => {
    expect(marks(token("Twin", "aaaa00001234567890"), token("Twin", "aaaa00011234567890"))).toEqual([
      "…01234567890",
      "…11234567890",
    ]);
    expect(marks(token("Twin", "MOCK0001"), token("Twin", "MOCK0002"))).toEqual(["MOCK0001", "MOCK0002"]);
  });

  test("is the slot where the serials are the same too", () => {
    expect(marks(token("Twin", "1", { slot: 3 }), token("Twin", "1", { slot: 4 }))).toEqual(["slot 3", "slot 4"]);
  });

  test("is nothing for one token that two modules show", () => {
    expect(marks(token("One", "1234", { module: "a" }), token("One", "1234", { module: "b" }))).toEqual([null, null]);
  });

  test("is the slot for new tokens of one module; the module tells those of two apart", () => {
    const fresh = (module: string, slot: number) => token("", "", { module, slot, initialised: false });
    expect(marks(fresh("a", 1), fresh("a", 2), fresh("b", 1))).toEqual(["slot 1", "slot 2", null]);
  });
});
