// Writes the C that the spy and its test module have from native/description: types, tables, and a wrapper a function.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argumentsHeader } from "./describe-recorder.mjs";
import { tablesSource } from "./describe-tables.mjs";
import { typesHeader } from "./describe-types.mjs";
import { wrappersSource } from "./describe-wrappers.mjs";

/**
 * @typedef {{ name: string, type: string, direction: "in" | "out" | "inout", kind: string, length?: string, of?: string,
 *   secrecy?: number | "never", enum?: string, structure?: string, size?: number, capacity?: string }} Parameter
 * @typedef {{ name: string, since: string, begin?: boolean, parameters: Parameter[] }} FunctionRow
 * @typedef {{ name: string, type: string, kind: string, length?: string, secrecy?: number | "never", enum?: string,
 *   structure?: string, size?: number, absentIfZero?: boolean }} Field
 * @typedef {{ name: string, fields: Field[] }} Structure
 * @typedef {{ name: string, number: number, kind: string, secrecy: number | "never", enum?: string, publicIn?: string[] }} Attribute
 * @typedef {{ mechanism: string, structure?: string, bytes?: number, name?: string, secrecy?: number | "never", number?: string }} MechanismParameter
 * @typedef {object} Description
 * @property {FunctionRow[]} functions
 * @property {Structure[]} structures those of the information functions, then those of mechanism parameters
 * @property {Attribute[]} attributes
 * @property {Record<string, Record<string, number>>} constants
 * @property {MechanismParameter[]} mechanisms
 */

/** @param {string} folder native/description @returns {Description} */
export const readDescription = (folder) => {
  /** @param {string} name */
  const read = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  const parameters = read("mechanism-parameters");
  return {
    functions: read("functions").functions,
    structures: [...read("structures").structures, ...parameters.structures],
    attributes: read("attributes").attributes,
    constants: read("constants").constants,
    mechanisms: parameters.mechanisms,
  };
};

/**
 * Writes tables.h and the C files. Renamed into place: two builds may run at once.
 * @param {string} from native/description
 * @param {string} to folder
 * @returns {string[]} paths of the C files
 */
export const describe = (from, to) => {
  const description = readDescription(from);
  const files = {
    "arguments.h": argumentsHeader(description),
    "tables.h": typesHeader(description),
    "tables.c": tablesSource(description),
    "wrappers.c": wrappersSource(description),
  };
  mkdirSync(to, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const fresh = join(to, `${name}.${process.pid}`);
    writeFileSync(fresh, text);
    renameSync(fresh, join(to, name));
  }
  return Object.keys(files)
    .filter((name) => name.endsWith(".c"))
    .map((name) => join(to, name));
};
