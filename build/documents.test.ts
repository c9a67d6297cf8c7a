import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./setup/places.mjs";

/** Paths of the project in a document's code words and links; those with a star or a placeholder stand for several. */
const pathsIn = (document: string): string[] =>
  [...readFileSync(join(root, document), "utf8").matchAll(/`([^`\s]+)`|\]\(([^)]+)\)/g)]
    .map(([, code, link]) => code ?? link ?? "")
    .filter((path) => /^(main|preload|renderer|native|test|build)\//.test(path) && !/[*<]/.test(path));

test.each(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])(
  "every path in %s is there",
  (document) => {
    expect(pathsIn(document).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);

test("ARCHITECTURE.md names every folder of main", () => {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const folders = readdirSync(join(root, "main"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.map(({ name }) => name).filter((name) => !new RegExp(`\`(main/)?${name}/\``).test(text))).toEqual([]);
});
