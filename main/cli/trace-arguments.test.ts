import { expect, test } from "vitest";
import { parseTraceArguments } from "./trace-arguments.ts";

const plain = { level: 0, folder: null, modules: [], keep: false, data: null };

test("everything behind two dashes is the command, its options included", () => {
  expect(parseTraceArguments(["--", "pkcs11-tool", "--module", "x.so", "-L"])).toEqual({
    ...plain,
    command: ["pkcs11-tool", "--module", "x.so", "-L"],
  });
});

test("the dashes may be missing, as behind `npm run trace --`", () => {
  expect(parseTraceArguments(["--level", "1", "p11tool", "--list-tokens"])).toEqual({
    ...plain,
    level: 1,
    command: ["p11tool", "--list-tokens"],
  });
});

test("a second pair of dashes belongs to the command", () => {
  expect(parseTraceArguments(["--keep", "--", "ssh", "--", "host"]).command).toEqual(["ssh", "--", "host"]);
});

test("folders and modules are told from the working folder", () => {
  const { folder, modules } = parseTraceArguments(["--dir=t", "--module", "a.so", "--module", "/b.so", "x"]);
  expect([folder, ...modules]).toEqual([`${process.cwd()}/t`, `${process.cwd()}/a.so`, "/b.so"]);
});

test.each([[[]], [["--level", "3", "x"]], [["--unknown", "x"]], [["--keep"]]])("%j is refused", (words) => {
  expect(() => parseTraceArguments(words)).toThrow();
});
