import { shortNames } from "../objects/distinguished-name.ts";
import { der, derOid } from "../pkcs11/der-write.ts";
import { failure } from "../pkcs11/failure.ts";

const oids = new Map(Object.entries(shortNames).map(([oid, name]) => [name.toLowerCase(), oid]));
for (const [name, oid] of [
  ["s", "2.5.4.8"],
  ["e", "1.2.840.113549.1.9.1"],
  ["email", "1.2.840.113549.1.9.1"],
  ["userid", "0.9.2342.19200300.100.1.1"],
] as const)
  oids.set(name, oid);

/** Attribute types whose value is not UTF8String: RFC 5280 appendix A. */
const stringTags: Record<string, number> = {
  "2.5.4.6": 0x13, // countryName: PrintableString of two letters
  "2.5.4.5": 0x13, // serialNumber
  "2.5.4.46": 0x13, // dnQualifier
  "1.2.840.113549.1.9.1": 0x16, // emailAddress: IA5String
  "0.9.2342.19200300.100.1.25": 0x16, // domainComponent
};

/**
 * The DER of a Name (RFC 5280 4.1.2.4) from its text by RFC 4514: "CN=Ada,O=Example" has the most specific part first,
 * the DER last. Types by short name or dotted OID, "\\" before special characters or two hexadecimal digits, "+" in
 * an RDN with several values, "#" before DER in hexadecimal.
 * @throws Failure INVALID_REQUEST saying what cannot be read
 */
export const nameFromText = (text: string): Buffer => {
  const relatives = namePartsOf(text).map((parts) => der(0x31, ...sorted(parts.map(partDer))));
  return der(0x30, ...relatives.reverse());
};

/** The DER of a profile's subject, which may be empty (RFC 5280 4.1.2.6). @throws Failure as {@link nameFromText} */
export const profileSubject = (text: string): Buffer => (text.trim() === "" ? der(0x30) : nameFromText(text));

/** One type and value of a name. */
export interface NamePart {
  /** Type, dotted. */
  oid: string;
  /** Tag of the string type that the value is written with, or null for a value that is given as DER ("#..."). */
  tag: number | null;
  /** The value's own bytes: text in UTF-8 without escapes, or DER. */
  value: Buffer;
}

/** The relative names of a text by RFC 4514 in its order, most specific first. @throws Failure as {@link nameFromText} */
export const namePartsOf = (text: string): NamePart[][] =>
  split(text, ",").map((relative) => split(relative, "+").map(pair));

/** The OIDs of types that have a name. */
const oidBytes = new Map(Object.keys(shortNames).map((oid) => [oid, derOid(oid)]));

const partDer = ({ oid, tag, value }: NamePart): Buffer =>
  der(0x30, oidBytes.get(oid) ?? derOid(oid), tag === null ? value : der(tag, value));

/** DER sorts the elements of a SET (X.690, 11.6). */
const sorted = (elements: Buffer[]): Buffer[] => [...elements].sort(Buffer.compare);

/** Splits at a character that is neither escaped nor within quotes. */
const split = (text: string, at: string): string[] => {
  const parts: string[] = [""];
  for (let i = 0, quoted = false; i < text.length; i++) {
    const c = text[i] ?? "";
    const last = parts.length - 1;
    if (c === "\\") parts[last] += c + (text[++i] ?? "");
    else if (c === at && !quoted) parts.push("");
    else {
      if (c === '"') quoted = !quoted;
      parts[last] += c;
    }
  }
  return parts;
};

const pair = (text: string): NamePart => {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0)).trim();
  const oid = /^[0-2](\.\d+)+$/.test(name) ? name : oids.get(name.toLowerCase());
  if (equals < 1 || !oid) throw unreadable(`"${text.trim()}" is not of the form TYPE=value with a type that is known`);
  return { oid, ...typedValue(oid, trimmed(text.slice(equals + 1))) };
};

/** Blanks around a value do not count, unless escaped (RFC 4514, 2.4). */
const trimmed = (text: string): string => {
  const start = text.trimStart();
  const end = start.trimEnd();
  return end.endsWith("\\") && end.length < start.length ? `${end} ` : end;
};

const typedValue = (oid: string, text: string): Omit<NamePart, "oid"> => {
  if (/^#([0-9a-fA-F]{2})+$/.test(text)) return { tag: null, value: Buffer.from(text.slice(1), "hex") };
  const plain = unescaped(text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text);
  if (plain.length === 0) throw unreadable("a value is empty");
  if (oid === "2.5.4.6" && !/^[A-Za-z]{2}$/.test(plain.toString()))
    throw unreadable(`C is a country of two letters, not "${plain}"`);
  const ascii = plain.every((byte) => byte < 0x80);
  const tag = stringTags[oid] ?? 0x0c;
  if (!ascii && tag !== 0x0c) throw unreadable(`"${plain}" has characters that are not allowed there`);
  return { tag, value: plain };
};

const unescaped = (text: string): Buffer => {
  const parts: Buffer[] = [];
  for (let i = 0; i < text.length; ) {
    const hex = /^\\([0-9a-fA-F]{2})/.exec(text.slice(i, i + 3))?.[1];
    if (hex) {
      parts.push(Buffer.from(hex, "hex"));
      i += 3;
    } else {
      if (text[i] === "\\") i++;
      const c = String.fromCodePoint(text.codePointAt(i) ?? 0x5c);
      parts.push(Buffer.from(c));
      i += c.length;
    }
  }
  return Buffer.concat(parts);
};

const unreadable = (why: string) =>
  failure("INVALID_REQUEST", {
    where: "subject",
    message: `The subject cannot be read: ${why}.`,
    remedy:
      'Write it by RFC 4514, e.g. "CN=Ada Lovelace,O=Example,C=GB"; put a backslash before a comma inside a value.',
  });
