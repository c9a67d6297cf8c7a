import type { Handle } from "pkcs11js";
import type { KeySpec } from "../../preload/contract/keys.ts";
import type { ObjectClass, ObjectRef } from "../../preload/contract/shared.ts";
import { objectWords, refOf } from "../objects/find-object.ts";
import { RowReader, tokenUriOf } from "../objects/read-row.ts";
import { classTemplate, findHandles, handleKey } from "../objects/search.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { failure } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { objectClassNumber } from "../pkcs11/object-names.ts";
import { isSecret } from "./template.ts";

/** Objects of some classes that have a label or a CKA_ID already. An object that has both is named once. */
export const objectsWith = (
  library: Library,
  session: Handle,
  classes: ObjectClass[],
  { label, id }: { label?: string | undefined; id?: Buffer | undefined },
): ObjectRef[] => {
  const reader = new RowReader(library, session, tokenUriOf(library, session));
  const criteria = [
    ...(label ? [{ type: CKA.LABEL, value: Buffer.from(label, "utf8") }] : []),
    ...(id && id.length > 0 ? [{ type: CKA.ID, value: id }] : []),
  ];
  const found = new Map<string, ObjectRef>();
  for (const objectClass of classes) {
    const number = objectClassNumber(objectClass);
    if (number === null) continue;
    for (const criterion of criteria)
      for (const handle of findHandles(library, session, [...classTemplate(number), criterion]))
        found.set(handleKey(handle), refOf(reader.read(handle, number).row));
  }
  return [...found.values()];
};

/**
 * Objects that stand in the way of a new key: keys with its label or CKA_ID, and certificates with its CKA_ID, which
 * other programs would take for the new key's.
 */
export const takenFor = (library: Library, session: Handle, spec: KeySpec): ObjectRef[] => {
  const id = spec.id === undefined ? undefined : Buffer.from(spec.id, "hex");
  const keys: ObjectClass[] = isSecret(spec) ? ["secretKey"] : ["privateKey", "publicKey"];
  return [
    ...objectsWith(library, session, keys, { label: spec.label, id }),
    ...(isSecret(spec) ? [] : objectsWith(library, session, ["certificate"], { id })),
  ];
};

/** @throws Failure ALREADY_USED naming the objects, if there are any */
export const refuseTaken = (taken: ObjectRef[], what: string): void => {
  const [first] = taken;
  if (!first) return;
  const named = taken.slice(0, 5).map(objectWords);
  const more = taken.length > 5 ? ` and ${taken.length - 5} more` : "";
  throw failure("ALREADY_USED", {
    where: what,
    message: `Its label or CKA_ID is used already by ${named.join(", ")}${more}. Nothing was written.`,
    remedy:
      "Choose another label or CKA_ID, or say that you want it twice: programs that look by name then take either.",
    details: { objects: taken.length },
  });
};
