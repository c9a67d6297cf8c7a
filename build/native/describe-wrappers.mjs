import { byHand, parameterList } from "./describe-types.mjs";

/** @import { Description, FunctionRow, Parameter } from "./describe.mjs" */

/** Function lists of a module that can be told apart: LISTS in native/spy/spy.h. */
const lists = 8;

/** @param {string} name */
const key = (name) => `&r.line, KEY("${name}")`;
/** @param {Parameter} parameter whether its content is shown, as C */
const shown = ({ secrecy }) => (secrecy === "never" ? "0" : `r.level >= ${secrecy ?? 0}`);
/** Name of the variable that keeps how much room an array had before the call. @param {string} name */
const room = (name) => `room_${name}`;

/** Arrays that the module fills, whose length parameter is a pointer. @param {FunctionRow} row @param {Parameter} parameter */
const lengthOf = ({ parameters }, parameter) => parameters.find(({ name }) => name === parameter.length);
/** @param {FunctionRow} row @param {Parameter} parameter */
const isFilled = (row, parameter) =>
  parameter.direction === "out" && lengthOf(row, parameter)?.type === "CK_ULONG_PTR" && !parameter.capacity;

/** @type {Record<string, (parameter: Parameter) => string>} an in-argument by kind, as C */
const inArguments = {
  session: ({ name }) => `r.session = ${name};\n  r.has_session = 1;`,
  slot: ({ name }) => `arg_number(${key(name)}, ${name});`,
  handle: ({ name }) => `arg_number(${key(name)}, ${name});`,
  number: ({ name }) => `arg_number(${key(name)}, ${name});`,
  flags: ({ name }) => `arg_number(${key(name)}, ${name});`,
  boolean: ({ name }) => `arg_boolean(${key(name)}, ${name});`,
  enum: ({ name, enum: group }) => `arg_enum(${key(name)}, G_${group}, ${name});`,
  pointer: ({ name }) => `arg_pointer(${key(name)}, *(void **)&${name});`,
  pin: ({ name, length }) => `arg_pin(${key(name)}, ${name}, ${length});`,
  buffer: (parameter) =>
    `arg_buffer(${key(parameter.name)}, ${parameter.name}, ${parameter.length}, ${shown(parameter)}, r.level);`,
  text: ({ name, size }) => `arg_text(${key(name)}, ${name}, ${size});`,
  string: ({ name }) => `arg_string(${key(name)}, ${name});`,
  mechanism: ({ name }) => `arg_mechanism(${key(name)}, ${name}, r.level);`,
  template: ({ name, length }) => `arg_template(${key(name)}, ${name}, ${length}, r.level);`,
  "initialize-arguments": ({ name }) => `arg_initialize(${key(name)}, ${name});`,
};

/** @param {FunctionRow} row @param {Parameter} parameter @returns {string[]} what is written before the call */
const before = (row, parameter) => {
  const { name, kind, direction, length } = parameter;
  if (kind === "length") return [];
  if (kind === "template" && direction === "inout") return [`arg_request(${key(name)}, ${name}, ${length}, lengths);`];
  if (direction !== "out") return [inArguments[kind]?.(parameter) ?? unknown(row, parameter)];
  if (isFilled(row, parameter))
    return [
      `if (!${name}) arg_null(${key(name)});`,
      `else if (${length}) arg_number(${key(length ?? "")}, *${length});`,
      `else arg_null(${key(length ?? "")});`,
      `if (${name} && ${length}) ${room(name)} = *${length};`,
    ];
  const inLength = lengthOf(row, parameter);
  if (inLength && !parameter.capacity)
    return [`if (!${name}) arg_null(${key(name)});`, `arg_number(${key(inLength.name)}, ${inLength.name});`];
  return [`if (!${name}) arg_null(${key(name)});`];
};

/** @param {FunctionRow} row @param {Parameter} parameter @returns {never} */
const unknown = (row, parameter) => {
  throw new Error(`${row.name}, ${parameter.name}: no way to write a ${parameter.kind}`);
};

/** @type {Record<string, (parameter: Parameter) => string>} a filled array, as C; `count` elements are there */
const filledArrays = {
  buffer: (parameter) => `arg_buffer(${key(parameter.name)}, ${parameter.name}, count, ${shown(parameter)}, r.level);`,
  slots: ({ name }) => `arg_numbers(${key(name)}, KEY("${name}More"), ${name}, count);`,
  handles: ({ name }) => `arg_numbers(${key(name)}, KEY("${name}More"), ${name}, count);`,
  mechanisms: ({ name }) => `arg_names(${key(name)}, KEY("${name}More"), G_CKM, ${name}, count);`,
};

/** @type {Record<string, (parameter: Parameter) => string>} an out-value behind a pointer, as C */
const outValues = {
  structure: ({ name, structure }) => `arg_structure(${key(name)}, S_${structure}, ${name}, r.level);`,
  handle: ({ name }) => `arg_number(${key(name)}, *${name});`,
  slot: ({ name }) => `arg_number(${key(name)}, *${name});`,
  number: ({ name }) => `arg_number(${key(name)}, *${name});`,
  flags: ({ name }) => `arg_number(${key(name)}, *${name});`,
};

/** @param {FunctionRow} row @param {Parameter} parameter @returns {string[]} what is written after the call */
const after = (row, parameter) => {
  const { name, kind, direction, length, capacity } = parameter;
  if (kind === "template" && direction === "inout")
    return [
      "if (rv == CKR_OK || rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_BUFFER_TOO_SMALL)",
      `  arg_answer(${key(name)}, ${name}, ${length}, lengths, r.level);`,
    ];
  if (direction !== "out" || kind === "length") return [];
  if (isFilled(row, parameter))
    return [
      `if (rv == CKR_OK && ${length} && ${name}) {`,
      `  CK_ULONG count = *${length} < ${room(name)} ? *${length} : ${room(name)};`,
      `  ${filledArrays[kind]?.(parameter) ?? unknown(row, parameter)}`,
      `} else if (${length} && (rv == CKR_OK || rv == CKR_BUFFER_TOO_SMALL)) {`,
      `  arg_number(${key(length ?? "")}, *${length});`,
      "}",
    ];
  if (capacity)
    return [
      `if (rv == CKR_OK && ${name} && ${length}) {`,
      `  CK_ULONG count = *${length} < ${capacity} ? *${length} : ${capacity};`,
      `  ${filledArrays[kind]?.(parameter) ?? unknown(row, parameter)}`,
      "}",
    ];
  if (length) return parameter.secrecy === "never" ? [] : unknown(row, parameter);
  // A question for a size makes no object: its handle was not set.
  const asked = row.parameters.find((other) => other.kind === "buffer" && isFilled(row, other));
  const made = kind === "handle" && asked ? ` && ${asked.name}` : "";
  return [`if (rv == CKR_OK && ${name}${made}) ${outValues[kind]?.(parameter) ?? unknown(row, parameter)}`];
};

/** @param {string[]} lines */
const indented = (lines) => lines.map((line) => `  ${line}\n`).join("");

/** @param {FunctionRow} row */
const callArguments = ({ parameters }) => parameters.map(({ name }) => name).join(", ");

/** @param {FunctionRow} row @returns {string} the function that records a call */
const call = (row) => {
  const { name, parameters } = row;
  const real = `list->real->${name}(${callArguments(row)})`;
  const filled = parameters.filter((parameter) => isFilled(row, parameter));
  const asks = parameters.some(({ kind, direction }) => kind === "template" && direction === "inout");
  return `static CK_RV call_${name}(const struct spy_list *list, ${parameterList(row)}) {
  struct record r;
  if (!record_start(&r, list, F_${name})) return ${real};
${filled.map((parameter) => `  CK_ULONG ${room(parameter.name)} = 0;\n`).join("")}${asks ? "  CK_ULONG lengths[TEMPLATE_MOST];\n" : ""}${indented(
  parameters.flatMap((parameter) => before(row, parameter)),
)}  record_call(&r);
  CK_RV rv = ${real};
  record_return(&r);
${indented(parameters.flatMap((parameter) => after(row, parameter)))}  record_end(&r, rv);
${name === "C_Finalize" ? "  if (rv == CKR_OK) spy_finalized();\n" : ""}  return rv;
}
`;
};

/** @param {FunctionRow} row @returns {string} macro for its wrapper in the list `n` */
const wrapper = (row) => {
  const target = byHand.has(row.name) ? `spy_${row.name}` : `call_${row.name}`;
  return `#define WRAP_${row.name}(n) \\
  static CK_RV list##n##_${row.name}(${parameterList(row)}) { return ${target}(&spy_lists[n], ${callArguments(row)}); }
EACH_LIST(WRAP_${row.name})
`;
};

/** @param {Description} description @returns {string} wrappers.c */
export const wrappersSource = ({ functions }) => `/* Generated from native/description. */
#include "record.h"
#include "spy.h"

#define EACH_LIST(macro) ${Array.from({ length: lists }, (_, n) => `macro(${n})`).join(" ")}

_Static_assert(LISTS == ${lists}, "as many as in spy.h");

${functions
  .filter(({ name }) => !byHand.has(name))
  .map(call)
  .join("\n")}
${functions.map(wrapper).join("\n")}
#define ROW(n) \\
  {${functions.map(({ name }) => `(any_function)list##n##_${name}`).join(", \\\n   ")}},
const any_function spy_wrappers[LISTS][FUNCTION_COUNT] = {EACH_LIST(ROW)};
`;
