/** @import { Description, FunctionRow, Structure } from "./describe.mjs" */

/** C types of the description that have another name here. @type {Record<string, string>} */
const spelled = { CK_FUNCTION_LIST_PTR_PTR: "struct function_list **", CK_ASYNC_DATA_PTR: "CK_ASYNC_DATA *" };

/** Functions that hand out lists: written by hand, in native/spy/module.c and native/recorder/recorder.c. */
export const byHand = new Set(["C_GetFunctionList", "C_GetInterfaceList", "C_GetInterface"]);

/** @param {string} type of the description @returns {string} its C type */
export const cType = (type) =>
  spelled[type] ?? type.replace(/^(CK_(?:SLOT_|TOKEN_|SESSION_|MECHANISM_)?INFO)_PTR$/, "$1 *");

/** @param {string} type @param {string} name */
const declare = (type, name) => {
  const c = cType(type);
  return c.endsWith("*") ? `${c}${name}` : `${c} ${name}`;
};

/** @param {FunctionRow} row @returns {string} the parameters of its C declaration */
export const parameterList = ({ parameters }) => parameters.map(({ type, name }) => declare(type, name)).join(", ");

/** @param {Structure} structure */
const structureType = ({ name, fields }) =>
  `typedef struct ${name} {\n${fields
    .map(({ type, name: field, size }) => `  ${declare(type, field)}${size ? `[${size}]` : ""};\n`)
    .join("")}} ${name};\n`;

/** Kinds of values that the formatter tells apart. */
export const kinds = /** @type {const} */ ([
  "number",
  "slot",
  "handle",
  "flags",
  "enum",
  "boolean",
  "text",
  "version",
  "bytes",
  "buffer",
  "length",
  "pin",
  "pointer",
  "structure",
  "structure-pointer",
  "date",
  "integer",
  "numbers",
  "mechanisms",
  "template",
]);

/** Numbers that are written alike. */
const alike = new Set(["slot", "handle", "flags"]);

/** @param {string} kind @returns {string} its C name */
export const kindName = (kind) => `K_${(alike.has(kind) ? "number" : kind).replace("-", "_").toUpperCase()}`;

/** @param {number | "never" | undefined} secrecy */
export const secrecyName = (secrecy) => (secrecy === "never" ? "SECRECY_NEVER" : String(secrecy ?? 0));

/** @param {Description} description @returns {string} tables.h */
export const typesHeader = ({ functions, structures, constants }) => `/* Generated from native/description. */
#ifndef TOKENGLASS_SPY_TABLES_H
#define TOKENGLASS_SPY_TABLES_H

#include <stddef.h>

#include "cryptoki.h"

${structures.map(structureType).join("\n")}
struct function_list;

${functions.map((row) => `typedef CK_RV (*function_${row.name})(${parameterList(row)});`).join("\n")}

struct function_list {
  CK_VERSION version;
${functions.map(({ name }) => `  function_${name} ${name};`).join("\n")}
};

enum function {
${functions.map(({ name }) => `  F_${name},`).join("\n")}
};
#define FUNCTION_COUNT ${functions.length}

enum group {
${Object.keys(constants)
  .map((group) => `  G_${group},`)
  .join("\n")}
};

enum structure {
${structures.map(({ name }) => `  S_${name},`).join("\n")}
};

enum kind {
${[...new Set(kinds.map(kindName))].map((kind) => `  ${kind},`).join("\n")}
};

enum {
  CKO_CERTIFICATE = ${constants.CKO?.CKO_CERTIFICATE},
  CKO_PUBLIC_KEY = ${constants.CKO?.CKO_PUBLIC_KEY},
};

/* No level is as high. */
#define SECRECY_NEVER 9

/* Names come with their quotes, keys with quotes and colon. */
struct function_info {
  const char *fragment;
  unsigned char length, begin;
};
struct name {
  CK_ULONG value;
  const char *text;
  unsigned char length;
};
struct names {
  const struct name *rows; /* by value */
  unsigned short count;
};
struct attribute_info {
  CK_ATTRIBUTE_TYPE type;
  const char *name;
  unsigned char name_length, kind, secrecy, group, public_value;
};
struct field_info {
  const char *key;
  unsigned char key_length, kind, secrecy, group, absent_if_zero;
  unsigned short offset, size, length_offset, structure;
};
struct structure_info {
  const struct field_info *fields;
  unsigned short count, size;
};
enum form { P_STRUCTURE, P_BYTES, P_NUMBER };
struct parameter_info {
  CK_MECHANISM_TYPE mechanism;
  const char *key;
  unsigned char key_length, form, secrecy;
  unsigned short size, structure;
};

extern const struct function_info functions[FUNCTION_COUNT];
extern const struct names groups[];
extern const struct attribute_info attributes[]; /* by type */
extern const unsigned attribute_count;
extern const struct structure_info structures[];
extern const struct parameter_info parameters[]; /* by mechanism */
extern const unsigned parameter_count;

#endif
`;
