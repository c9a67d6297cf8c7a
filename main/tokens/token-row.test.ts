import { expect, test } from "vitest";
import { reported, utcTime } from "./token-row.ts";

test("all ones in 32 or 64 bits mean that the token does not say; nought is a number", () => {
  expect(reported(0xffffffff)).toBeNull();
  expect(reported(0xffffffffffffffffn)).toBeNull();
  expect(reported(0n)).toBe(0);
  expect(reported(65536n)).toBe(65536);
});

test("the token's clock as ISO 8601, or nothing if it shows no time", () => {
  expect(utcTime("2026112410580100")).toBe("2026-11-24T10:58:01Z");
  expect(utcTime("                ")).toBeNull();
  expect(utcTime("2026139910580100")).toBeNull();
});
