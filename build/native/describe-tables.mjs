import { kindName, secrecyName } from "./describe-types.mjs";

/** @import { Attribute, Description, Field, FunctionRow, MechanismParameter, Structure } from "./describe.mjs" */

/** @param {string} text @returns {string} a C string literal */
const literal = (text) => JSON.stringify(text);
/** @param {string} name */
const quoted = (name) => ({ text: literal(`"${name}"`), length: name.length + 2 });
/** @param {string} name */
const key = (name) => ({ text: literal(`"${name}":`), length: name.length + 3 });

/** @param {FunctionRow} row */
const functionRow = ({ name, begin }) => {
  const fragment = `,"f":"${name}"`;
  return `  {${literal(fragment)}, ${fragment.length}, ${begin ? 1 : 0}},`;
};

/** @param {string} group @param {Record<string, number>} names */
const nameRows = (group, names) => `static const struct name names_${group}[] = {
${Object.entries(names)
  .sort(([, a], [, b]) => a - b)
  .map(([name, value]) => `  {${value}UL, ${quoted(name).text}, ${quoted(name).length}},`)
  .join("\n")}
};
`;

/** @param {string | undefined} group */
const groupName = (group) => (group ? `G_${group}` : "0");

/** @param {Attribute} attribute */
const attributeRow = ({ name, number, kind, secrecy, enum: group, publicIn }) =>
  `  {${number}UL, ${quoted(name).text}, ${quoted(name).length}, ${kindName(kind)}, ${secrecyName(secrecy)}, ${groupName(group)}, ${publicIn ? 1 : 0}},`;

/** @param {string} structure @param {Field} field */
const fieldRow = (structure, { name, kind, secrecy, enum: group, size, length, structure: inner, absentIfZero }) =>
  `  {${key(name).text}, ${key(name).length}, ${kindName(kind)}, ${secrecyName(secrecy)}, ${groupName(group)}, ${absentIfZero ? 1 : 0}, offsetof(${structure}, ${name}), ${size ?? 0}, ${
    length ? `offsetof(${structure}, ${length})` : 0
  }, ${inner ? `S_${inner}` : 0}},`;

/** @param {Structure} structure */
const fieldRows = ({ name, fields }) => `static const struct field_info fields_${name}[] = {
${fields.map((field) => fieldRow(name, field)).join("\n")}
};
`;

/** @param {MechanismParameter} parameter @param {Record<string, number>} mechanisms */
const parameterRow = (parameter, mechanisms) => {
  const { structure, bytes, number, secrecy } = parameter;
  const { text, length } = key(parameter.name ?? number ?? "");
  const form = structure ? "P_STRUCTURE" : bytes ? "P_BYTES" : "P_NUMBER";
  return `  {${mechanisms[parameter.mechanism]}UL, ${text}, ${length}, ${form}, ${secrecyName(secrecy)}, ${bytes ?? 0}, ${structure ? `S_${structure}` : 0}},`;
};

/** @param {Description} description @returns {string} tables.c */
export const tablesSource = ({
  functions,
  structures,
  attributes,
  constants,
  mechanisms,
}) => `/* Generated from native/description. */
#include "tables.h"

const struct function_info functions[FUNCTION_COUNT] = {
${functions.map(functionRow).join("\n")}
};

${Object.entries(constants)
  .map(([group, names]) => nameRows(group, names))
  .join("\n")}
const struct names groups[] = {
${Object.entries(constants)
  .map(([group, names]) => `  {names_${group}, ${Object.keys(names).length}},`)
  .join("\n")}
};

const struct attribute_info attributes[] = {
${[...attributes]
  .sort((a, b) => a.number - b.number)
  .map(attributeRow)
  .join("\n")}
};
const unsigned attribute_count = ${attributes.length};

${structures.map(fieldRows).join("\n")}
const struct structure_info structures[] = {
${structures.map(({ name, fields }) => `  {fields_${name}, ${fields.length}, sizeof(${name})},`).join("\n")}
};

const struct parameter_info parameters[] = {
${mechanisms.map((parameter) => parameterRow(parameter, constants.CKM ?? {})).join("\n")}
};
const unsigned parameter_count = ${mechanisms.length};
`;
