import { oidText } from "../../../pkcs11/der.ts";
import { BerError, contents, type Element } from "./ber.ts";
import table from "./oids.json" with { type: "json" };

const names: Record<string, string> = table;

/** Dotted form of an OBJECT IDENTIFIER. @throws BerError */
export const oidOf = (element: Element): string => {
  const bytes = contents(element);
  const text = bytes.length > 128 ? null : oidText(bytes, 0, bytes.length);
  if (text === null) throw new BerError(`The object identifier at byte ${element.offset} is broken`, element.offset);
  return text;
};

/** Name of an object identifier; null if it is not known here. */
export const oidName = (oid: string): string | null => (Object.hasOwn(names, oid) ? (names[oid] ?? null) : null);

/** "serverAuth (1.3.6.1.5.5.7.3.1)", or the digits alone. */
export const oidWords = (oid: string): string => {
  const name = oidName(oid);
  return name === null ? oid : `${name} (${oid})`;
};
