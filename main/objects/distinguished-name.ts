import { type DerElement, derAt, derChildren, oidText } from "../pkcs11/der.ts";

/** Short names of attribute types: RFC 4514 section 3, RFC 4519, and those that OpenSSL prints. */
export const shortNames: Record<string, string> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "STREET",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.17": "postalCode",
  "2.5.4.42": "GN",
  "2.5.4.43": "initials",
  "2.5.4.44": "generationQualifier",
  "2.5.4.46": "dnQualifier",
  "2.5.4.65": "pseudonym",
  "2.5.4.97": "organizationIdentifier",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
  "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
};

/** Name of an attribute type by its OID's bytes: an OID is made into text only once, not for each of 5,000 names. */
const namesByBytes = new Map<string, string>();

const typeName = (bytes: Buffer, { content, end }: DerElement): string => {
  const key = bytes.toString("latin1", content, end);
  const known = namesByBytes.get(key);
  if (known !== undefined) return known;
  const oid = oidText(bytes, content, end) ?? "?";
  const name = shortNames[oid] ?? oid;
  namesByBytes.set(key, name);
  return name;
};

/**
 * A Name (RFC 5280 4.1.2.4) as text by RFC 4514: last RDN first, "+" inside a multi-valued RDN, special characters
 * escaped. Control and direction characters, which RFC 4514 lets through, are escaped as bytes, so that a
 * name cannot disturb a table or terminal.
 * @param name the SEQUENCE
 * @throws DerError if it is not a Name
 */
export const distinguishedName = (bytes: Buffer, name: DerElement): string => {
  let text = "";
  for (let at = name.content; at < name.end; ) {
    const set = derAt(bytes, at, name.end);
    at = set.end;
    let relative = "";
    for (let inner = set.content; inner < set.end; ) {
      const pair = derAt(bytes, inner, set.end);
      inner = pair.end;
      const type = derAt(bytes, pair.content, pair.end);
      const value = derAt(bytes, type.end, pair.end);
      const part = `${typeName(bytes, type)}=${valueText(bytes, value)}`;
      relative = relative === "" ? part : `${relative}+${part}`;
    }
    text = text === "" ? relative : `${relative},${text}`;
  }
  return text;
};

/** @returns the text of a DER-encoded Name that fills the bytes, or null if they are none. */
export const nameText = (bytes: Buffer): string | null => {
  try {
    const name = derAt(bytes, 0, bytes.length);
    if (name.tag !== 0x30 || name.end !== bytes.length) return null;
    for (const set of derChildren(bytes, name)) if (set.tag !== 0x31) return null;
    return distinguishedName(bytes, name);
  } catch {
    return null;
  }
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const plain = /^[A-Za-z0-9][A-Za-z0-9 .\-_:/@()*'!?]*$/;

/** Value of one attribute: decoded and escaped, or "#" and the DER in hexadecimal if it is no text (RFC 4514, 2.4). */
const valueText = (bytes: Buffer, value: DerElement): string => {
  const text = decoded(bytes, value);
  if (text === null) return `#${bytes.toString("hex", value.start, value.end)}`;
  return plain.test(text) && !text.endsWith(" ") ? text : escapeValue(text);
};

const decoded = (bytes: Buffer, { tag, content, end }: DerElement): string | null => {
  switch (tag) {
    case 0x0c: // UTF8String
      try {
        return utf8.decode(bytes.subarray(content, end));
      } catch {
        return null;
      }
    case 0x13: // PrintableString
    case 0x16: // IA5String
    case 0x12: // NumericString
    case 0x1a: // VisibleString
    case 0x14: // T61String: Latin-1 in practice, which is how OpenSSL reads it too
      return bytes.toString("latin1", content, end);
    case 0x1e: // BMPString: UTF-16, big-endian
      return (end - content) % 2 ? null : Buffer.from(bytes.subarray(content, end)).swap16().toString("utf16le");
    case 0x1c: // UniversalString: UTF-32, big-endian
      return utf32(bytes.subarray(content, end));
    default:
      return null;
  }
};

const utf32 = (bytes: Buffer): string | null => {
  if (bytes.length % 4) return null;
  let text = "";
  for (let i = 0; i < bytes.length; i += 4) {
    const point = bytes.readUInt32BE(i);
    if (point > 0x10ffff) return null;
    text += String.fromCodePoint(point);
  }
  return text;
};

/** RFC 4514, 2.4. */
export const escapeValue = (text: string): string =>
  text
    .replace(/["+,;<>\\]/g, "\\$&")
    .replace(/^[ #]/, "\\$&")
    .replace(/ $/, "\\ ")
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (c) =>
      [...Buffer.from(c)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join(""),
    );

/** The first CN in a name as RFC 4514 writes it, with its escapes; null without one. */
export const commonNameIn = (name: string): string | null => /(?:^|[,+])CN=((?:\\.|[^,+\\])*)/.exec(name)?.[1] ?? null;
