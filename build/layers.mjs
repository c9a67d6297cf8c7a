// Checks that every import follows the layering of build/layers/rules.mjs; part of `npm run lint`.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { checkFile } from "./layers/check.mjs";
import { layers } from "./layers/rules.mjs";
import { root } from "./setup/places.mjs";

/** The app's own sources. Tests may reach for everything that they test. */
const sources = () =>
  ["main", "preload", "renderer"]
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(({ name }) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)).split(sep).join("/"));

export const checkLayers = () => {
  const files = sources();
  return {
    files,
    violations: files.flatMap((file) => checkFile(file, readFileSync(join(root, file), "utf8"), layers)),
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, violations } = checkLayers();
  for (const { file, line, message } of violations) console.log(`${file}:${line} ${message}`);
  console.log(
    violations.length === 0
      ? `Layers: ${files.length} files follow the rules.`
      : `Layers: ${violations.length} violations.`,
  );
  process.exitCode = violations.length === 0 ? 0 : 1;
}
