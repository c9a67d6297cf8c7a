import { expect, test } from "vitest";
import { environmentOf, environmentText } from "./environment.ts";

test("variables are separated by blanks, and quotes keep blanks in a value", () => {
  expect(environmentOf('SOFTHSM2_CONF=/a/b.conf  X="one two" EMPTY=')).toEqual({
    value: { SOFTHSM2_CONF: "/a/b.conf", X: "one two", EMPTY: "" },
    problem: null,
  });
});

test("nothing typed is no variables", () => {
  expect(environmentOf("  ")).toEqual({ value: {}, problem: null });
});

test("a part without a name is named as the problem", () => {
  expect(environmentOf("A=1 nonsense").problem).toContain('"nonsense"');
  expect(environmentOf("1A=x").problem).toContain('"1A=x"');
});

test("what is proposed is read back as it was", () => {
  const environment = { SOFTHSM2_CONF: "/home/a b/softhsm2.conf", X: "y" };
  expect(environmentOf(environmentText(environment)).value).toEqual(environment);
});
