import type { Handle } from "pkcs11js";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { handleText, ulongValue } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { keyTypeName } from "../pkcs11/object-names.ts";
import { tokenUri } from "../pkcs11/uri.ts";
import { sizeAttributes } from "./key-facts.ts";
import { type AttributeValues, type Learned, readAttributes, readEach, readTemplate } from "./read-attributes.ts";
import { objectRow, rowTemplate } from "./row.ts";

/** What one listing knows of its module: attributes that it does not have, by class and by class and key type. */
export class RowReader {
  readonly #library: Library;
  readonly #session: Handle;
  readonly #tokenUri: string;
  readonly #learned = new Map<string, Learned>();

  constructor(library: Library, session: Handle, tokenUri: string) {
    this.#library = library;
    this.#session = session;
    this.#tokenUri = tokenUri;
  }

  /**
   * Reads the row of an object: two native calls for a certificate or data object whose class was guessed right, four
   * for a key. Never fails for one object: what cannot be read is in its `unreadable`.
   * @param guess CKO_ number that the object probably has, or null
   * @throws Pkcs11Error only when session or token are gone
   */
  read(handle: Handle, guess: number | null): { row: ObjectRow; objectClass: number | null } {
    const read = this.#readAs(handle, guess) ?? this.#readUnknown(handle, guess);
    const objectClass = ulongOf(read.values.get(CKA.CLASS));
    this.#addSize(handle, objectClass, read);
    return { row: objectRow(handleText(handle), read, this.#tokenUri), objectClass };
  }

  #readAs(handle: Handle, guess: number | null): AttributeValues | null {
    if (guess === null) return null;
    const read = readTemplate(this.#library, this.#session, handle, rowTemplate(guess), this.#learnedOf(`${guess}`));
    return read && ulongOf(read.values.get(CKA.CLASS)) === guess ? read : null;
  }

  #readUnknown(handle: Handle, guess: number | null): AttributeValues {
    const [library, session] = [this.#library, this.#session];
    const alone = readAttributes(library, session, handle, [CKA.CLASS]);
    const objectClass = ulongOf(alone.values.get(CKA.CLASS));
    const rest = rowTemplate(objectClass).filter((type) => type !== CKA.CLASS);
    const learned = this.#learnedOf(`${objectClass}`);
    // A right guess that came to nothing: the template as a whole does not work for this object.
    const read =
      objectClass !== null && objectClass === guess
        ? readEach(library, session, handle, rest, learned)
        : readAttributes(library, session, handle, rest, learned);
    return {
      values: new Map([...alone.values, ...read.values]),
      failures: new Map([...alone.failures, ...read.failures]),
    };
  }

  #addSize(handle: Handle, objectClass: number | null, read: AttributeValues): void {
    const keyType = ulongOf(read.values.get(CKA.KEY_TYPE));
    if (keyType === null) return;
    const name = keyTypeName(keyType);
    let failures: AttributeValues["failures"] = new Map();
    for (const types of sizeAttributes(name, objectClass === 2)) {
      const more = readAttributes(this.#library, this.#session, handle, types);
      for (const [type, value] of more.values) read.values.set(type, value);
      failures = more.failures;
      if (failures.size === 0) return;
    }
    for (const [type, rv] of failures) read.failures.set(type, rv);
  }

  #learnedOf(kind: string): Learned {
    const known = this.#learned.get(kind) ?? new Set();
    this.#learned.set(kind, known);
    return known;
  }
}

const ulongOf = (value: Buffer | undefined): number | null => (value ? ulongValue(value) : null);

/** RFC 7512 URI of the token that a session belongs to. @throws Pkcs11Error */
export const tokenUriOf = (library: Library, session: Handle): string => {
  const { slotID } = library.p11.C_GetSessionInfo(session);
  const { label, manufacturerID, model, serialNumber } = library.p11.C_GetTokenInfo(slotID);
  return tokenUri({ token: label, manufacturer: manufacturerID, model, serial: serialNumber });
};

/**
 * Reads one object anew.
 * @throws Pkcs11Error only when session or token are gone
 */
export const readRow = (library: Library, session: Handle, handle: Handle): ObjectRow =>
  new RowReader(library, session, tokenUriOf(library, session)).read(handle, null).row;
