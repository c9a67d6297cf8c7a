import type { Handle } from "pkcs11js";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { failure } from "../pkcs11/failure.ts";
import { handleText } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { objectClassNumber } from "../pkcs11/object-names.ts";
import { objectWords, refOf } from "./find-object.ts";
import { RowReader, tokenUriOf } from "./read-row.ts";
import { classTemplate, findHandles } from "./search.ts";

/**
 * Other objects of the same class that have one of these values already. The same CKA_ID in another class is how
 * private key, public key and certificate belong together, and no duplicate.
 * @param values CKA_ID and CKA_LABEL, as they are to be written; empty ones are no names
 */
export const duplicatesOf = (
  library: Library,
  session: Handle,
  row: ObjectRow,
  values: ReadonlyMap<number, Buffer>,
): { attribute: number; others: ObjectRow[] }[] => {
  const objectClass = objectClassNumber(row.class);
  if (objectClass === null) return [];
  const reader = new RowReader(library, session, tokenUriOf(library, session));
  return [CKA.ID, CKA.LABEL].flatMap((attribute) => {
    const value = values.get(attribute);
    if (!value || value.length === 0) return [];
    const others = findHandles(library, session, [...classTemplate(objectClass), { type: attribute, value }])
      .filter((handle) => handleText(handle) !== row.handle)
      .map((handle) => reader.read(handle, objectClass).row)
      .filter((other) => other.class === row.class);
    return others.length > 0 ? [{ attribute, others }] : [];
  });
};

/** @throws Failure ALREADY_USED, unless duplicates are allowed. @returns warnings about them. */
export const guardDuplicates = (
  found: { attribute: number; others: ObjectRow[] }[],
  where: string,
  allowed: boolean,
): string[] =>
  found.map(({ attribute, others }) => {
    const name = attribute === CKA.ID ? "CKA_ID" : "label";
    const words = others.slice(0, 3).map((row) => objectWords(refOf(row)));
    const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
    const message = `The same ${name} is used by ${words.join(", ")}${more}.`;
    if (allowed) return message;
    throw failure("ALREADY_USED", {
      where,
      message: `${message} Nothing was written.`,
      remedy: `Choose another ${name}, or say that you want it twice: programs that look for it then take either.`,
      details: { attribute: name, handles: others.map(({ handle }) => handle).join(" ") },
    });
  });
