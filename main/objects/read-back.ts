import type { Handle } from "pkcs11js";
import { attributeName } from "../pkcs11/attributes.ts";
import { failure } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { readAttributes } from "./read-attributes.ts";

/**
 * Reads attributes back after a write and compares them with what was written.
 * @param where what was written, for the error
 * @returns names of the attributes that were compared
 * @throws Failure READ_BACK_DIFFERS naming the first that is not as written, or that cannot be read
 */
export const compareWritten = (
  library: Library,
  session: Handle,
  handle: Handle,
  written: ReadonlyMap<number, Buffer>,
  where: string,
): string[] => {
  const { values, failures } = readAttributes(library, session, handle, [...written.keys()]);
  for (const [type, wanted] of written) {
    const found = values.get(type);
    if (found?.equals(wanted)) continue;
    const name = attributeName(type);
    const what = found ? `now has ${found.toString("hex") || "nothing"}` : `cannot be read (${failures.get(type)})`;
    throw failure("READ_BACK_DIFFERS", {
      where,
      message: `The module reported success, but ${name} ${what} instead of ${wanted.toString("hex") || "nothing"}.`,
      remedy:
        "List the objects again and look at what is on the token. The module or device did not do what it was told.",
      details: { attribute: name, written: wanted.toString("hex"), found: found?.toString("hex") ?? null },
    });
  }
  return [...written.keys()].map(attributeName);
};
