import { expect, test } from "vitest";
import { splitCommand } from "./split-command.ts";

test.each([
  ["", []],
  ["  pkcs11-tool   -L ", ["pkcs11-tool", "-L"]],
  ["a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]],
  ["sh -c 'x | y'", ["sh", "-c", "x | y"]],
  ["a ''", ["a", ""]],
  [String.raw`"C:\dir" "say \"x\"" 'a\b'`, [String.raw`C:\dir`, 'say "x"', String.raw`a\b`]],
  ["--uri='pkcs11:token=My Token'", ["--uri=pkcs11:token=My Token"]],
])("%s", (line, words) => expect(splitCommand(line)).toEqual({ words, problem: null }));

test("an open quotation mark is told", () => {
  expect(splitCommand("a 'b c")).toMatchObject({ problem: expect.stringContaining("has no end"), unfinished: true });
});

test("what only a shell could do is told", () => {
  expect(splitCommand("a -L | grep x").problem).toContain("no shell");
  expect(splitCommand("a > file").problem).toContain("no shell");
  expect(splitCommand("a '|'").words).toEqual(["a", "|"]);
});
