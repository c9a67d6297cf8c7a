import type { Handle } from "pkcs11js";
import type { AttributeRow, ObjectRow } from "../../preload/contract/objects.ts";
import { type AttributeInfo, attributesOf, CKA, isSecret } from "../pkcs11/attributes.ts";
import { ulongValue } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { keyTypeName } from "../pkcs11/object-names.ts";
import { type AttributeContext, attributeText } from "./attribute-text.ts";
import { type AttributeValues, readAttributes } from "./read-attributes.ts";

/** What decides which attributes an object can have. */
export interface ObjectKind {
  objectClass: number | null;
  /** CKK_ name without prefix. */
  keyType: string | null;
  certificateType: number | null;
}

/** @throws Pkcs11Error only when session or token are gone */
export const kindOf = (library: Library, session: Handle, handle: Handle): ObjectKind => {
  const number = (type: number) => {
    const value = readAttributes(library, session, handle, [type]).values.get(type);
    return value ? ulongValue(value) : null;
  };
  const objectClass = number(CKA.CLASS);
  const hasKeyType = objectClass !== null && [2, 3, 4, 6, 8].includes(objectClass);
  const keyType = hasKeyType ? number(CKA.KEY_TYPE) : null;
  return {
    objectClass,
    keyType: keyType === null ? null : keyTypeName(keyType),
    certificateType: objectClass === 1 ? number(CKA.CERTIFICATE_TYPE) : null,
  };
};

/**
 * Attributes that hold other attributes by pointer. pkcs11js gives the module uninitialised memory where it
 * expects the inner pointers, so reading one that is not empty could crash the module.
 */
const nestedTemplate = ({ number, kind }: AttributeInfo): boolean =>
  kind !== "list" && (number & 0x40000000) !== 0 && number < 0x80000000;

/** Values that can be changed in one direction only, with the value that is final (PKCS#11 2.40, table 10, notes 11, 12). */
const finalValues: ReadonlyMap<number, boolean> = new Map([
  [CKA.SENSITIVE, true],
  [CKA.EXTRACTABLE, false],
  [CKA.WRAP_WITH_TRUSTED, true],
  [CKA.COPYABLE, false],
]);

/**
 * Every attribute that the object's class and type know, read together if the module gives them together, else one by
 * one. Values of private and secret keys are never asked for.
 * @throws Pkcs11Error only when session or token are gone
 */
export const attributeRows = (library: Library, session: Handle, handle: Handle, row: ObjectRow): AttributeRow[] => {
  const kind = kindOf(library, session, handle);
  const infos = attributesOf(kind.objectClass ?? -1, kind.keyType, kind.certificateType);
  const readable = infos.filter((info) => !isSecret(info.number, kind.objectClass) && !nestedTemplate(info));
  const read = readAttributes(
    library,
    session,
    handle,
    readable.map(({ number }) => number),
  );
  const context = { ...kind, ecParams: read.values.get(CKA.EC_PARAMS) ?? null };
  return infos.flatMap((info) => {
    if (isSecret(info.number, kind.objectClass)) return [unread(info, "secret", "not shown")];
    if (nestedTemplate(info)) return [unread(info, info.kind, "a template of attributes, not read")];
    return attributeRow(info, read, context, row.modifiable);
  });
};

const unread = (info: AttributeInfo, kind: AttributeRow["kind"], decoded: string): AttributeRow => ({
  attribute: info.number,
  name: info.name,
  about: info.about,
  hex: null,
  length: null,
  decoded,
  rv: null,
  kind,
  editable: false,
});

const attributeRow = (
  info: AttributeInfo,
  { values, failures }: AttributeValues,
  context: AttributeContext,
  modifiable: boolean,
): AttributeRow[] => {
  const value = values.get(info.number);
  const rv = failures.get(info.number) ?? null;
  const row = unread(info, info.kind, rv === null ? "" : `not readable (${rv})`);
  // Vendor attributes are tried on every module; only those of the vendor know them.
  if (!value) return info.number >= 0x80000000 && rv === "CKR_ATTRIBUTE_TYPE_INVALID" ? [] : [{ ...row, rv }];
  const final = finalValues.get(info.number);
  return [
    {
      ...row,
      hex: value.toString("hex"),
      length: value.length,
      decoded: attributeText(info, value, context),
      editable: info.editable && modifiable && (final === undefined || (value[0] !== 0) !== final),
    },
  ];
};
