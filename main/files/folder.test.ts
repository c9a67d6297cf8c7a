import { expect, test } from "vitest";
import { folderPath } from "./folder.ts";

test("a tilde is the user's own folder, at the start and alone only", () => {
  expect(folderPath("~", "/home/ada")).toBe("/home/ada");
  expect(folderPath(" ~/keys/new ", "/home/ada")).toBe("/home/ada/keys/new");
  expect(folderPath("/tmp/~/x", "/home/ada")).toBe("/tmp/~/x");
});

test.each(["", "keys", "./keys", "~other/keys"])("%j is refused: it is no whole path", (text) => {
  expect(() => folderPath(text, "/home/ada")).toThrow("not the whole path");
});
