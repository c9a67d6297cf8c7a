import type { Handle, Template } from "pkcs11js";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectRef } from "../../preload/contract/shared.ts";
import { needLogin } from "../keys/login-needed.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { Failure, failure } from "../pkcs11/failure.ts";
import { handleFrom } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { objectClassNumber } from "../pkcs11/object-names.ts";
import { RowReader, tokenUriOf } from "./read-row.ts";
import { classTemplate, findHandles } from "./search.ts";

export interface FoundObject {
  handle: Handle;
  /** As it is on the token now. */
  row: ObjectRow;
}

/** @returns the reference that means exactly this object. */
export const refOf = ({ handle, class: objectClass, label, id }: ObjectRow): ObjectRef => ({
  handle,
  class: objectClass,
  label,
  id,
});

/** An object in words, for messages. */
export const objectWords = ({ class: objectClass, label, id }: ObjectRef): string =>
  `${classWords[objectClass]} ${label ? `"${label}"` : "without label"}${id ? ` (CKA_ID ${id})` : ""}`;

const classWords: Record<ObjectRef["class"], string> = {
  certificate: "certificate",
  publicKey: "public key",
  privateKey: "private key",
  secretKey: "secret key",
  data: "data object",
  other: "object",
};

/**
 * Finds the object that a reference means and reads it anew. With a handle exactly that object is meant, and class,
 * label and id must still be those of the reference; never the first that happens to fit (OpenSC/OpenSC#1613).
 * @throws Failure OBJECT_GONE, OBJECT_CHANGED, OBJECT_AMBIGUOUS; LOGIN_NEEDED, if it may be hidden only
 */
export const findObject = (library: Library, session: Handle, ref: ObjectRef): FoundObject => {
  const reader = new RowReader(library, session, tokenUriOf(library, session));
  const objectClass = objectClassNumber(ref.class);
  try {
    return ref.handle === undefined
      ? findByValues(library, session, reader, ref)
      : readExact(reader, handleFrom(ref.handle), objectClass, ref);
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.data.code === "OBJECT_GONE") refuseIfHidden(library, session, ref);
    throw thrown;
  }
};

/** Classes whose objects are private as a rule. */
const mostlyPrivate: readonly ObjectRef["class"][] = ["privateKey", "secretKey", "data"];

/** Before login a private object looks as if it were gone (PKCS#11 2.40, 4.4): that is to be told, not a loss. */
const refuseIfHidden = (library: Library, session: Handle, ref: ObjectRef): void => {
  if (!mostlyPrivate.includes(ref.class)) return;
  const token = library.readToken(library.p11.C_GetSessionInfo(session).slotID);
  if (token) needLogin(library, token, objectWords(ref));
};

const readExact = (reader: RowReader, handle: Handle, objectClass: number | null, ref: ObjectRef): FoundObject => {
  const { row } = reader.read(handle, objectClass);
  const where = objectWords(ref);
  if (row.unreadable.some(({ attribute, rv }) => attribute === "CKA_CLASS" && rv === "CKR_OBJECT_HANDLE_INVALID"))
    throw failure("OBJECT_GONE", {
      where,
      rv: "CKR_OBJECT_HANDLE_INVALID",
      message: "The object is no longer on the token.",
      remedy: "List the objects again.",
    });
  if (row.class !== ref.class || row.label !== ref.label || row.id !== ref.id)
    throw failure("OBJECT_CHANGED", {
      where,
      message: `Behind the handle ${row.handle} there is now another object: ${objectWords(row)}. Nothing was done.`,
      remedy: "List the objects again and choose the object you mean.",
    });
  return { handle, row };
};

const findByValues = (library: Library, session: Handle, reader: RowReader, ref: ObjectRef): FoundObject => {
  const objectClass = objectClassNumber(ref.class);
  const fitting = findHandles(library, session, searchTemplate(ref, objectClass))
    .map((handle) => ({ handle, row: reader.read(handle, objectClass).row }))
    .filter(({ row }) => row.class === ref.class && row.label === ref.label && row.id === ref.id);
  const [only, second] = fitting;
  const where = objectWords(ref);
  if (!only)
    throw failure("OBJECT_GONE", {
      where,
      message: "There is no such object on the token, or it can be seen only after login.",
      remedy: "Log in, or list the objects again.",
    });
  if (second)
    throw failure("OBJECT_AMBIGUOUS", {
      where,
      message: `${fitting.length} objects have this class, label and CKA_ID. Nothing was done.`,
      remedy: "Name the handle as well.",
      details: { handles: fitting.map(({ row }) => row.handle).join(" ") },
    });
  return only;
};

/** Narrows the search as far as the reference allows: an escaped label does not tell the bytes. */
const searchTemplate = ({ label, id }: ObjectRef, objectClass: number | null): Template => [
  ...(objectClass === null ? [] : classTemplate(objectClass)),
  ...(id === "" ? [] : [{ type: CKA.ID, value: Buffer.from(id, "hex") }]),
  ...(label === "" || label.includes("\\") ? [] : [{ type: CKA.LABEL, value: Buffer.from(label) }]),
];
