import { expect, test } from "vitest";
import { isConfirmed } from "./confirm.ts";

const print = `${"ab".repeat(28)}0123cdef`;

test.each(["0123cdef", "01:23:CD:EF", " ab 01 23 cd ef", print])("%s confirms the fingerprint", (typed) => {
  expect(isConfirmed(print, typed)).toBe(true);
});

test.each(["", "cdef", "123cdef", "0123cdee", "zz0123cdef"])("%j does not", (typed) => {
  expect(isConfirmed(print, typed)).toBe(false);
});
