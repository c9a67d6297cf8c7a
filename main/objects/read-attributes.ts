import type { Handle } from "pkcs11js";
import { returnValueOf } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";

/** Values that could be read, and for the others the CKR name. */
export interface AttributeValues {
  values: Map<number, Buffer>;
  failures: Map<number, string>;
}

/**
 * Return values after which nothing can be read any more: the session or the token has gone. Everything else
 * concerns one attribute or object only.
 */
const fatal = new Set([
  "CKR_DEVICE_REMOVED",
  "CKR_TOKEN_NOT_PRESENT",
  "CKR_TOKEN_NOT_RECOGNIZED",
  "CKR_SESSION_CLOSED",
  "CKR_SESSION_HANDLE_INVALID",
  "CKR_CRYPTOKI_NOT_INITIALIZED",
]);

/** @returns true for something thrown after which reading on makes no sense. */
export const isFatal = (thrown: unknown): boolean => fatal.has(returnValueOf(thrown) ?? "");

/** Attributes that one kind of object did not have before, so that they are asked for on their own from the start. */
export type Learned = Set<number>;

const empty = (): AttributeValues => ({ values: new Map(), failures: new Map() });

/**
 * Reads attributes with one template. A module answers for a whole template, and pkcs11js throws away what it
 * did give when one attribute fails; then each is asked for on its own.
 * @throws Pkcs11Error only when session or token are gone
 */
export const readAttributes = (
  library: Library,
  session: Handle,
  handle: Handle,
  types: readonly number[],
  learned: Learned = new Set(),
): AttributeValues =>
  readTemplate(library, session, handle, types, learned) ?? readEach(library, session, handle, types, learned);

/**
 * Two native calls for all attributes that are not known to fail.
 * @returns null if the module refused the template
 * @throws Pkcs11Error only when session or token are gone
 */
export const readTemplate = (
  library: Library,
  session: Handle,
  handle: Handle,
  types: readonly number[],
  learned: Learned,
): AttributeValues | null => {
  const result = empty();
  const together = learned.size > 0 ? types.filter((type) => !learned.has(type)) : types;
  if (together.length > 0) {
    try {
      const template = library.p11.C_GetAttributeValue(
        session,
        handle,
        together.map((type) => ({ type })),
      );
      // pkcs11js leaves a value out where the module says CK_UNAVAILABLE_INFORMATION: ask for each instead.
      for (const { type, value } of template) {
        if (!Buffer.isBuffer(value)) return null;
        result.values.set(type, value);
      }
    } catch (thrown) {
      if (isFatal(thrown)) throw thrown;
      return null;
    }
  }
  if (learned.size > 0)
    for (const type of types) if (learned.has(type)) readOne(library, session, handle, type, result);
  return result;
};

/** Asks for one attribute after the other. @throws Pkcs11Error only when session or token are gone */
export const readEach = (
  library: Library,
  session: Handle,
  handle: Handle,
  types: readonly number[],
  learned: Learned = new Set(),
): AttributeValues => {
  const result = empty();
  for (const type of types) readOne(library, session, handle, type, result);
  // An object of which nothing can be read says nothing about others of its kind.
  if (result.values.size > 0) for (const type of result.failures.keys()) learned.add(type);
  return result;
};

/** Reads one attribute into the result. @throws Pkcs11Error when session or token are gone */
const readOne = (library: Library, session: Handle, handle: Handle, type: number, result: AttributeValues): void => {
  try {
    const value = library.p11.C_GetAttributeValue(session, handle, [{ type }])[0]?.value;
    if (Buffer.isBuffer(value)) result.values.set(type, value);
    else result.failures.set(type, "CK_UNAVAILABLE_INFORMATION");
  } catch (thrown) {
    if (isFatal(thrown)) throw thrown;
    // pkcs11js insists on eight bytes of CK_DATE, but an unset date has none (PKCS#11 2.40, 4.4.1).
    if (thrown instanceof Error && /wrong length.* is 0$/.test(thrown.message))
      result.values.set(type, Buffer.alloc(0));
    else result.failures.set(type, returnValueOf(thrown) ?? "unreadable");
  }
};
