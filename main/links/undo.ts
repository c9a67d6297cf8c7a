import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectRef } from "../../preload/contract/shared.ts";
import { type FoundObject, findObject, objectWords } from "../objects/find-object.ts";
import type { Written } from "../objects/import/template.ts";
import type { OpenToken } from "../objects/open-token.ts";
import { readAttributes } from "../objects/read-attributes.ts";
import { readRow } from "../objects/read-row.ts";
import { setAttributes } from "../objects/set-attributes.ts";
import { attributeName } from "../pkcs11/attributes.ts";
import { Failure, failure } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { valueWords } from "./preview.ts";
import { readMember } from "./read-members.ts";
import { destroy, writeCopy } from "./replace.ts";

/** How one change is taken back. Holds public values only. */
export type Inverse =
  | { how: "set"; object: ObjectRef; attributes: { type: number; before: Buffer; after: Buffer }[] }
  | { how: "delete"; object: ObjectRef; keyHash: string | null }
  | { how: "write"; template: Written[]; words: string };

export interface UndoRecord {
  name: string;
  at: Date;
  title: string;
  /** In the order in which the changes were made; undone from the last. */
  inverses: Inverse[];
}

export const inverseWords = (inverse: Inverse): string => {
  if (inverse.how === "write") return `Write the ${inverse.words} again`;
  if (inverse.how === "delete") return `Delete the ${objectWords(inverse.object)}, which the repair wrote`;
  const values = inverse.attributes.map(
    ({ type, before }) => `${attributeName(type)} back to ${valueWords(type, before)}`,
  );
  return `Set ${values.join(" and ")} on the ${objectWords(inverse.object)}`;
};

/**
 * Takes one change back.
 * @returns the object as it is now with how it was before, where it was changed
 * @throws Failure OBJECT_CHANGED, OBJECT_GONE if it is not as the repair left it; what the module refused
 */
export const takeBack = (
  library: Library,
  open: OpenToken,
  inverse: Inverse,
): { before: ObjectRow; after: ObjectRow } | null => {
  if (inverse.how === "write") {
    writeCopy(library, open.session, inverse.template, inverse.words);
    return null;
  }
  const found = findAgain(library, open, inverse.object);
  const where = objectWords(inverse.object);
  if (inverse.how === "delete") {
    if (readMember(library, open.session, found.row).object.keyHash !== inverse.keyHash)
      throw changed(where, "its key is another");
    destroy(library, open.session, found);
    return null;
  }
  const { attributes } = inverse;
  const now = readAttributes(
    library,
    open.session,
    found.handle,
    attributes.map(({ type }) => type),
  ).values;
  for (const { type, after } of attributes)
    if (!now.get(type)?.equals(after)) throw changed(where, `${attributeName(type)} has another value`);
  const changes = attributes.map(({ type, before }) => ({
    attribute: attributeName(type),
    hex: before.toString("hex"),
  }));
  setAttributes(library, open, found, changes, true);
  return { before: found.row, after: readRow(library, open.session, found.handle) };
};

/** By handle, or, where handles are others since (a login, a copy), as the only object with these values. */
const findAgain = (library: Library, { session }: OpenToken, ref: ObjectRef): FoundObject => {
  try {
    return findObject(library, session, ref);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || !["OBJECT_GONE", "OBJECT_CHANGED"].includes(thrown.data.code)) throw thrown;
    const { handle: _, ...values } = ref;
    return findObject(library, session, values);
  }
};

const changed = (where: string, what: string) =>
  failure("OBJECT_CHANGED", {
    where,
    message: `The object is not as the repair left it: ${what}. It was not touched.`,
    remedy: "Examine the token again, and change what you want in the inspector.",
  });
