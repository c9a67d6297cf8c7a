import { BerError, contents, type Element, inner, innerElements, need, within } from "../asn1/ber.ts";
import { oidName, oidOf, oidWords } from "../asn1/oids.ts";
import { ia5Of, textOf, visible } from "../asn1/strings.ts";
import { hexWords, valueWords } from "../asn1/value-words.ts";
import { nameOf, nameText } from "./name.ts";

/** GeneralName (RFC 5280 4.2.1.6) in words: "DNS www.example.com". @throws BerError */
export const generalName = (element: Element): string => {
  const read = element.tagClass === "context" ? kinds[element.tag] : undefined;
  if (!read) throw new BerError(`An unknown kind of name at byte ${element.offset}`, element.offset);
  return read(element);
};

/** GeneralNames in words. @throws BerError */
export const generalNames = (element: Element): string[] => inner(element).map(generalName);

const kinds: Record<number, (element: Element) => string> = {
  0: (element) => otherName(element),
  1: (element) => `email ${ia5Of(element)}`,
  2: (element) => `DNS ${ia5Of(element)}`,
  3: (element) => `X.400 address ${hexWords(contents(element))}`,
  4: (element) => `directory name ${nameText(nameOf(within(element, "the name")))}`,
  5: (element) => `EDI party name ${innerElements(element).elements.map(valueWords).join(", ")}`,
  6: (element) => `URI ${ia5Of(element)}`,
  7: (element) => `IP ${ipWords(contents(element), element.offset)}`,
  8: (element) => `registered ID ${oidWords(oidOf(element))}`,
};

/** Names by which users know the forms of otherName. */
const otherNames: Record<string, string> = {
  "1.3.6.1.4.1.311.20.2.3": "UPN",
  "1.3.6.1.5.2.2": "Kerberos principal",
  "1.3.6.1.5.5.7.8.5": "XMPP address",
  "1.3.6.1.5.5.7.8.7": "SRV name",
  "1.3.6.1.5.5.7.8.9": "email (UTF-8)",
};

const otherName = (element: Element): string => {
  const [type, value] = inner(element);
  const oid = oidOf(need(type, "oid", "The kind of another name", element.start));
  if (!value) throw new BerError(`The value of another name is missing at byte ${element.stop}`, element.stop);
  const content = within(value, "the value");
  const text = textOf(content);
  const words = text === null ? hexWords(contents(content)) : visible(text);
  return `${otherNames[oid] ?? `other name ${oidName(oid) ?? oid}`} ${words}`;
};

/** An address, or in name constraints an address with its mask. */
const ipWords = (bytes: Buffer, offset: number): string => {
  if (bytes.length === 4) return v4(bytes);
  if (bytes.length === 16) return v6(bytes);
  if (bytes.length === 8) return `${v4(bytes.subarray(0, 4))}${maskWords(bytes.subarray(4), v4)}`;
  if (bytes.length === 32) return `${v6(bytes.subarray(0, 16))}${maskWords(bytes.subarray(16), v6)}`;
  throw new BerError(`An IP address of ${bytes.length} bytes at byte ${offset}`, offset);
};

const maskWords = (mask: Buffer, plain: (bytes: Buffer) => string): string => {
  const digits = [...mask].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(digits) ? `/${digits.replaceAll("0", "").length}` : `/${plain(mask)}`;
};

const v4 = (bytes: Buffer): string => [...bytes].join(".");

/** RFC 5952: lower case, the longest run of zeros as "::". */
const v6 = (bytes: Buffer): string => {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  const runs = [...groups.join(":").matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (!longest) return groups.join(":");
  const text = groups.join(":");
  const before = text.slice(0, longest.index).replace(/:$/, "");
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${before}::${after}`;
};
