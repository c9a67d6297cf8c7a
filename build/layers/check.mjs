import { posix } from "node:path";
import { parseSync } from "vite";

/**
 * @typedef {import("./rules.mjs").Layer} Layer
 * @typedef {{ specifier: string, typeOnly: boolean, line: number }} Import
 * @typedef {{ file: string, line: number, message: string }} Violation
 */

/**
 * Everything that a file imports, also dynamically and by re-export.
 * @param {string} file its name tells the parser the language @param {string} text @returns {Import[]}
 */
export const importsOf = (file, text) => {
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const lineAt = (/** @type {number} */ at) => text.slice(0, at).split("\n").length;
  const statics = module.staticImports.map(({ start, end, moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    typeOnly:
      /^import\s+type\b/.test(text.slice(start, end)) || (entries.length > 0 && entries.every(({ isType }) => isType)),
    line: lineAt(start),
  }));
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ start, moduleRequest, isType }) =>
      moduleRequest ? [{ specifier: moduleRequest.value, typeOnly: isType, line: lineAt(start) }] : [],
    ),
  );
  const dynamic = module.dynamicImports.map(({ start, moduleRequest }) => ({
    // A name that is put together at run time cannot be checked, so it is none of the allowed ones.
    specifier: /^["'`]([^"'`$]*)["'`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1] ?? "(computed)",
    typeOnly: false,
    line: lineAt(start),
  }));
  return [...statics, ...exported, ...dynamic];
};

/** @param {string} path @param {string} place folder or file */
const isIn = (path, place) => path === place || path.startsWith(`${place}/`);

/** @param {string} file @param {Layer[]} layers @returns {Layer | undefined} the layer with the longest folder */
export const layerOf = (file, layers) =>
  layers.filter(({ folder }) => isIn(file, folder)).sort((a, b) => b.folder.length - a.folder.length)[0];

/** @param {string} specifier @param {string[]} packages */
const packageAllowed = (specifier, packages) =>
  packages.some((name) =>
    name.endsWith("*") || name.endsWith(":")
      ? specifier.startsWith(name.replace("*", ""))
      : specifier === name || specifier.startsWith(`${name}/`),
  );

/**
 * A file's own folder is always allowed, except the parts of it that are a layer of their own.
 * @param {string} target @param {Layer} layer @param {boolean} typeOnly @param {Layer[]} layers
 */
const fileAllowed = (target, layer, typeOnly, layers) =>
  layerOf(target, layers) === layer ||
  layer.imports.some((place) => isIn(target, place)) ||
  (typeOnly && (layer.types ?? []).some((place) => isIn(target, place)));

/**
 * @param {string} file path from the project's folder, with slashes @param {string} text @param {Layer[]} layers
 * @returns {Violation[]}
 */
export const checkFile = (file, text, layers) => {
  const layer = layerOf(file, layers);
  if (!layer) return [{ file, line: 1, message: "is in a folder that build/layers/rules.mjs does not know" }];
  return importsOf(file, text).flatMap(({ specifier, typeOnly, line }) => {
    const relative = specifier.startsWith(".");
    const target = relative ? posix.join(posix.dirname(file), specifier) : specifier;
    const allowed = relative ? fileAllowed(target, layer, typeOnly, layers) : packageAllowed(specifier, layer.packages);
    return allowed
      ? []
      : [{ file, line, message: `${layer.folder} may not import ${typeOnly ? "the type from " : ""}${target}` }];
  });
};
