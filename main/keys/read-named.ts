import type { Handle } from "pkcs11js";
import { readAttributes } from "../objects/read-attributes.ts";
import type { Library } from "../pkcs11/library.ts";

/**
 * Attributes of one object under names of the caller's.
 * @returns null for what could not be read or is empty
 * @throws Pkcs11Error only when session or token are gone
 */
export const readNamed = <N extends string>(
  library: Library,
  session: Handle,
  object: Handle,
  wanted: Record<N, number>,
): Record<N, Buffer | null> => {
  const { values } = readAttributes(library, session, object, Object.values<number>(wanted));
  const value = (type: number): Buffer | null => {
    const read = values.get(type);
    return read && read.length > 0 ? read : null;
  };
  return Object.fromEntries(Object.entries<number>(wanted).map(([name, type]) => [name, value(type)])) as Record<
    N,
    Buffer | null
  >;
};
