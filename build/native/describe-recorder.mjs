import { byHand, cType, parameterList } from "./describe-types.mjs";

/** @import { Description, FunctionRow, Parameter } from "./describe.mjs" */

/** @param {FunctionRow} row @param {Parameter} parameter @returns {number} index of its length parameter, -1 if it has none */
const lengthIndex = ({ parameters }, parameter) => parameters.findIndex(({ name }) => name === parameter.length);

/** @param {Parameter} parameter */
const isPointer = ({ type }) => type.endsWith("_PTR") || type === "CK_NOTIFY";

/** @param {Parameter} parameter */
const kind = ({ kind }) => `A_${kind.replaceAll("-", "_").toUpperCase()}`;

/** @param {FunctionRow} row @param {Parameter} parameter */
const parameterRow = (row, parameter) => {
  const { direction, secrecy, size, capacity, structure } = parameter;
  const room = capacity ? row.parameters.findIndex(({ name }) => name === capacity) : -1;
  return `{${kind(parameter)}, ${isPointer(parameter) ? 1 : 0}, ${direction === "in" ? 0 : 1}, ${secrecy === "never" ? 1 : 0}, ${lengthIndex(
    row,
    parameter,
  )}, ${room}, ${structure ? `sizeof(${structure})` : (size ?? 0)}}`;
};

/** @param {FunctionRow} row a call of it with the arguments in an array */
const callRow = ({ name, parameters }) =>
  `    case F_${name}:\n      return list->${name}(${parameters
    .map(({ type }, index) => `(${cType(type)})values[${index}]`)
    .join(", ")});`;

/** @param {FunctionRow} row a function of the recorder */
const moduleFunction = (row) =>
  `static CK_RV record_${row.name}(${parameterList(row)}) {\n  uintptr_t values[] = {${row.parameters
    .map(({ name }) => `(uintptr_t)${name}`)
    .join(", ")}};\n  return recorder_called(F_${row.name}, values, ${row.parameters.length});\n}`;

/**
 * @param {Description} description
 * @returns {string} arguments.h: every function's parameters as a table, calls and functions by it; for the module that
 *   records its arguments and for the program that compares
 */
export const argumentsHeader = ({ functions }) => {
  const kinds = [...new Set(functions.flatMap(({ parameters }) => parameters.map(kind)))];
  return `/* Generated from native/description. */
#ifndef TOKENGLASS_ARGUMENTS_H
#define TOKENGLASS_ARGUMENTS_H

#include <stdint.h>

#include "tables.h"

#define ARGUMENTS_MOST 12

enum argument_kind { ${kinds.join(", ")} };

struct argument {
  unsigned char kind, pointer, out, never;
  signed char length, room; /* indices of other arguments, or -1 */
  unsigned short size;
};
static const struct {
  const char *name;
  unsigned count;
  struct argument rows[ARGUMENTS_MOST];
} function_arguments[FUNCTION_COUNT] = {
${functions
  .map(
    (row) =>
      `  {"${row.name}", ${row.parameters.length}, {${row.parameters.map((each) => parameterRow(row, each)).join(", ")}}},`,
  )
  .join("\n")}
};

#ifdef ARGUMENTS_CALL
static CK_RV call_function(enum function function, const struct function_list *list, const uintptr_t *values) {
  switch (function) {
${functions.map(callRow).join("\n")}
  }
  return CKR_GENERAL_ERROR;
}
#endif

#ifdef ARGUMENTS_FUNCTIONS
${functions
  .filter(({ name }) => !byHand.has(name))
  .map(moduleFunction)
  .join("\n")}
#define RECORDER_LIST(version_major, version_minor, list, interface_list, interface) \\
  {{version_major, version_minor}, ${functions
    .map(({ name }) =>
      name === "C_GetFunctionList"
        ? "list"
        : name === "C_GetInterfaceList"
          ? "interface_list"
          : name === "C_GetInterface"
            ? "interface"
            : `record_${name}`,
    )
    .join(", ")}}
#endif

#endif
`;
};
