import { expect, test } from "vitest";
import { hasTerm, withTerm } from "./filter-text.ts";

test("a chip puts its term in and takes it out, and leaves the rest", () => {
  const on = withTerm("fn:C_Sign", "is:error", true);
  expect(on).toBe("fn:C_Sign is:error");
  expect(hasTerm(on, "is:error")).toBe(true);
  expect(withTerm(on, "is:error", false)).toBe("fn:C_Sign");
});

test("alternatives stay together when a term is added", () => {
  expect(withTerm("fn:C_Sign OR fn:C_Verify", "is:error", true)).toBe("(fn:C_Sign OR fn:C_Verify) is:error");
});
