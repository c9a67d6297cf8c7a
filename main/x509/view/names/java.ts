import { whole } from "../asn1/ber.ts";
import type { Name, NamePart } from "./name.ts";

/** Keywords of sun.security.x509.AVAKeyword; `rfc1779`: those that RFC 1779 names. */
const keywords: Record<string, { word: string; rfc1779?: true }> = {
  "2.5.4.3": { word: "CN", rfc1779: true },
  "2.5.4.6": { word: "C", rfc1779: true },
  "2.5.4.7": { word: "L", rfc1779: true },
  "2.5.4.8": { word: "ST", rfc1779: true },
  "2.5.4.10": { word: "O", rfc1779: true },
  "2.5.4.11": { word: "OU", rfc1779: true },
  "2.5.4.9": { word: "STREET", rfc1779: true },
  "2.5.4.12": { word: "T" },
  "1.3.6.1.4.1.42.2.11.2.1": { word: "IP" },
  "0.9.2342.19200300.100.1.25": { word: "DC" },
  "2.5.4.46": { word: "DNQ" },
  "2.5.4.4": { word: "SURNAME" },
  "2.5.4.42": { word: "GIVENNAME" },
  "2.5.4.43": { word: "INITIALS" },
  "2.5.4.44": { word: "GENERATION" },
  "1.2.840.113549.1.9.1": { word: "EMAILADDRESS" },
  "0.9.2342.19200300.100.1.1": { word: "UID" },
  "2.5.4.5": { word: "SERIALNUMBER" },
};

/** X500Principal.toString(), which keytool prints as "Owner". */
export const javaName = (name: Name): string => line(name, (oid) => keywords[oid]?.word ?? `OID.${oid}`);

/** X500Principal.getName("RFC1779"). */
export const javaName1779 = (name: Name): string =>
  line(name, (oid) => (keywords[oid]?.rfc1779 ? keywords[oid].word : `OID.${oid}`));

const line = (name: Name, keyword: (oid: string) => string): string =>
  name
    .map((parts) => parts.map((part) => `${keyword(part.oid)}=${valueText(part)}`).join(" + "))
    .reverse()
    .join(", ");

/** Characters that make Java put a value into quotes. */
const special = /[,+=\n<>#;\\"]/;

/** AVA.toKeywordValueString: quoted for special characters and for blanks in front, at the end or in a row. */
const valueText = ({ text, value }: NamePart): string => {
  if (text === null) return `#${whole(value).toString("hex")}`;
  if (text.length > 1 && text.startsWith('"') && text.endsWith('"'))
    return `"${text.slice(1, -1).replace(/["\\]/g, "\\$&")}"`;
  const quote = special.test(text) || /^ | $| {2}/.test(text);
  const inside = text.replace(/["\\]/g, "\\$&");
  return quote ? `"${inside}"` : inside;
};
