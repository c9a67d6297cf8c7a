import type { Handle } from "pkcs11js";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { attributeName, attributeNumber, attributesOf, CKA, isSecret } from "../pkcs11/attributes.ts";
import { failure } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { valueFault } from "./attribute-text.ts";
import { duplicatesOf, guardDuplicates } from "./duplicates.ts";
import { type FoundObject, objectWords } from "./find-object.ts";
import { foreignKeyUnder } from "./foreign-id.ts";
import { kindOf, type ObjectKind } from "./lens.ts";
import { moduleRefused } from "./module-refused.ts";
import type { OpenToken } from "./open-token.ts";
import { readAttributes } from "./read-attributes.ts";
import { compareWritten } from "./read-back.ts";

export interface AttributeChange {
  /** CKA_ name or number. */
  attribute: string;
  /** New value. */
  hex: string;
}

/**
 * Changes attributes with one C_SetAttributeValue and reads them back.
 * @returns names of the attributes that were compared, and warnings
 * @throws Failure INVALID_REQUEST, REFUSED, ALREADY_USED before anything is written; PKCS11, LOGIN_NEEDED, READ_BACK_DIFFERS
 */
export const setAttributes = (
  library: Library,
  { token, session }: OpenToken,
  { handle, row }: FoundObject,
  changes: readonly AttributeChange[],
  allowDuplicate: boolean,
): { compared: string[]; warnings: string[] } => {
  const where = objectWords(row);
  const kind = kindOf(library, session, handle);
  const values = checkedValues(changes, kind, row);
  const names = differing(library, session, handle, values);
  const warnings = guardDuplicates(duplicatesOf(library, session, row, names), where, allowDuplicate);
  const id = names.get(CKA.ID);
  if (id && row.class === "certificate") {
    const certificate = readAttributes(library, session, handle, [CKA.VALUE]).values.get(CKA.VALUE);
    const foreign = certificate ? foreignKeyUnder(library, session, token, certificate, id) : null;
    if (foreign !== null) warnings.push(refuseForeign(foreign, where, allowDuplicate));
  }
  try {
    library.p11.C_SetAttributeValue(
      session,
      handle,
      [...values].map(([type, value]) => ({ type, value })),
    );
  } catch (thrown) {
    throw moduleRefused(thrown, `C_SetAttributeValue of ${[...values.keys()].map(attributeName).join(", ")}, ${where}`);
  }
  return { compared: compareWritten(library, session, handle, values, where), warnings };
};

/** @throws Failure ALREADY_USED unless it is wanted. @returns the warning */
export const refuseForeign = (words: string, where: string, allowed: boolean): string => {
  if (allowed) return words;
  throw failure("ALREADY_USED", {
    where,
    message: `${words} Nothing was written.`,
    remedy: "Give the certificate the CKA_ID of its own key, or say that you want it so.",
    details: { attribute: "CKA_ID" },
  });
};

/** The changes as attribute numbers and bytes, each checked as far as its kind tells. */
const checkedValues = (
  changes: readonly AttributeChange[],
  { objectClass, keyType, certificateType }: ObjectKind,
  row: ObjectRow,
): Map<number, Buffer> => {
  const where = objectWords(row);
  if (!row.modifiable)
    throw failure("REFUSED", {
      where,
      message: "The object is not modifiable (CKA_MODIFIABLE is no).",
      remedy: "This was decided when the object was made. Make a copy with the values you want, if the token lets you.",
    });
  const known = new Map(attributesOf(objectClass ?? -1, keyType, certificateType).map((info) => [info.number, info]));
  const values = new Map<number, Buffer>();
  for (const { attribute, hex } of changes) {
    const number = attributeNumber(attribute);
    if (number === null || values.has(number))
      throw failure("INVALID_REQUEST", {
        where,
        message:
          number === null
            ? `${JSON.stringify(attribute).slice(0, 60)} is no attribute.`
            : `${attributeName(number)} is given twice.`,
        remedy: "Attributes are named as in PKCS#11 (CKA_LABEL) or by number (0x3), each once.",
      });
    if (isSecret(number, objectClass))
      throw failure("REFUSED", {
        where,
        message: `${attributeName(number)} is the key itself; it is never written over.`,
        remedy: "Write a new key instead.",
      });
    const value = Buffer.from(hex, "hex");
    const info = known.get(number);
    const fault = info ? valueFault(info, value) : null;
    if (fault !== null)
      throw failure("INVALID_REQUEST", {
        where,
        message: `${attributeName(number)} ${fault}.`,
        remedy: "Nothing was written. Correct the value.",
      });
    values.set(number, value);
  }
  return values;
};

/** CKA_ID and CKA_LABEL, where they will be other than now. */
const differing = (
  library: Library,
  session: Handle,
  handle: Handle,
  values: ReadonlyMap<number, Buffer>,
): Map<number, Buffer> => {
  const now = readAttributes(library, session, handle, [CKA.ID, CKA.LABEL]).values;
  return new Map(
    [...values].filter(([type, value]) => (type === CKA.ID || type === CKA.LABEL) && !now.get(type)?.equals(value)),
  );
};
