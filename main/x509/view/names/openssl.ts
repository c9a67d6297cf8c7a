import { contents, type Element, whole } from "../asn1/ber.ts";
import type { Name, NamePart } from "./name.ts";

/** OpenSSL's short names (crypto/objects/objects.txt); others are written as dotted OIDs. */
const shortNames: Record<string, string> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.13": "description",
  "2.5.4.15": "businessCategory",
  "2.5.4.16": "postalAddress",
  "2.5.4.17": "postalCode",
  "2.5.4.20": "telephoneNumber",
  "2.5.4.41": "name",
  "2.5.4.42": "GN",
  "2.5.4.43": "initials",
  "2.5.4.44": "generationQualifier",
  "2.5.4.45": "x500UniqueIdentifier",
  "2.5.4.46": "dnQualifier",
  "2.5.4.65": "pseudonym",
  "2.5.4.72": "role",
  "2.5.4.97": "organizationIdentifier",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.3": "mail",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
  "1.2.840.113549.1.9.2": "unstructuredName",
  "1.2.840.113549.1.9.8": "unstructuredAddress",
  "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
  "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
  "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
};

const typeName = (oid: string): string => shortNames[oid] ?? oid;

/** Byte in OpenSSL's escapes: "\C3". */
const escaped = (byte: number, before = "\\"): string => `${before}${byte.toString(16).toUpperCase().padStart(2, "0")}`;

/** X509_NAME_oneline: "/C=GB/O=Example/CN=Ada+UID=ada"; bytes that are not printable ASCII as "\\xC3". */
export const opensslOneline = (name: Name): string =>
  name
    .map((parts) => `/${parts.map(({ oid, value }) => `${typeName(oid)}=${onelineValue(value)}`).join("+")}`)
    .join("");

const onelineValue = (value: Element): string =>
  [...contents(value)]
    .map((byte) => (byte < 0x20 || byte > 0x7e ? escaped(byte, "\\x") : String.fromCharCode(byte)))
    .map((c) => (c === "/" || c === "+" ? `\\${c}` : c))
    .join("");

/** The output of OpenSSL 1.1 and 3 (XN_FLAG_ONELINE): "C = GB, O = \"Example, Ltd\", CN = Ada". */
export const opensslLine = (name: Name): string =>
  name.map((parts) => parts.map((part) => `${typeName(part.oid)} = ${quotedValue(part)}`).join(" + ")).join(", ");

/** -nameopt RFC2253 (XN_FLAG_RFC2253): reversed, without blanks, values of types without a name as DER. */
export const opensslRfc2253 = (name: Name): string =>
  name
    .map((parts) =>
      [...parts]
        .reverse()
        .map((part) => `${typeName(part.oid)}=${shortNames[part.oid] ? backslashed(part) : dump(part)}`)
        .join("+"),
    )
    .reverse()
    .join(",");

const dump = ({ value }: NamePart): string => `#${whole(value).toString("hex").toUpperCase()}`;

/** ASN1_STRFLGS_ESC_QUOTE: special characters bring quotes around the value; quotes and backslashes keep theirs. */
const quotedValue = (part: NamePart): string => {
  if (part.text === null) return dump(part);
  const special = /[,+<>;]/.test(part.text) || /^[ #]/.test(part.text) || / $/.test(part.text);
  const text = eachByte(part.text, (c) => (c === '"' || c === "\\" ? `\\${c}` : c));
  return special ? `"${text}"` : text;
};

const backslashed = (part: NamePart): string => {
  if (part.text === null) return dump(part);
  const last = Buffer.byteLength(part.text) - 1;
  return eachByte(part.text, (c, at) => {
    const special = ',+"\\<>;'.includes(c) || (at === 0 && (c === " " || c === "#")) || (at === last && c === " ");
    return special ? `\\${c}` : c;
  });
};

/** The value in UTF-8, control characters and what is beyond ASCII as "\C3" (ASN1_STRFLGS_ESC_CTRL, _ESC_MSB). */
const eachByte = (text: string, plain: (character: string, at: number) => string): string =>
  [...Buffer.from(text)]
    .map((byte, at) => (byte < 0x20 || byte > 0x7e ? escaped(byte) : plain(String.fromCharCode(byte), at)))
    .join("");
