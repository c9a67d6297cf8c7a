import { bitsOf, contents, type Element, integerOf, is, octetsOf } from "./ber.ts";
import { oidOf, oidWords } from "./oids.ts";
import { textOf, visible } from "./strings.ts";
import { isTime, timeOf, timeWords } from "./times.ts";

/** Bytes and characters of a value that are shown in one line. */
const shownBytes = 48;
const shownCharacters = 200;

/** "aa bb cc", cut with the number of bytes. */
export const hexWords = (bytes: Buffer, shown = shownBytes): string => {
  const text = (bytes.subarray(0, shown).toString("hex").match(/../g) ?? []).join(" ");
  return bytes.length > shown ? `${text} … (${bytes.length} bytes)` : text;
};

/** "1a:2b" as OpenSSL and others write serial numbers and fingerprints. */
export const colonHex = (bytes: Buffer): string => (bytes.toString("hex").toUpperCase().match(/../g) ?? []).join(":");

export const short = (text: string): string =>
  text.length > shownCharacters ? `${text.slice(0, shownCharacters)}… (${text.length} characters)` : text;

/** Value of a primitive element in words; never throws, since it is for looking at whatever is there. */
export const valueWords = (element: Element): string => {
  try {
    return words(element);
  } catch {
    return hexWords(contents(element));
  }
};

const words = (element: Element): string => {
  const bytes = contents(element);
  if (element.tagClass !== "universal") return contextWords(bytes);
  if (is(element, "boolean")) return bytes.length === 1 ? (bytes[0] === 0 ? "FALSE" : "TRUE") : hexWords(bytes);
  if (is(element, "integer") || is(element, "enumerated"))
    return bytes.length <= 20 ? String(integerOf(element)) : hexWords(bytes);
  if (is(element, "null")) return bytes.length === 0 ? "" : hexWords(bytes);
  if (is(element, "oid")) return oidWords(oidOf(element));
  if (is(element, "bitString")) {
    const bits = bitsOf(element);
    const unused = octetsOf(element)[0] ?? 0;
    if (bits.length > 4) return hexWords(bits);
    const digits = [...bits].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    return `${digits.slice(0, digits.length - unused)}b`;
  }
  if (isTime(element)) return timeWords(timeOf(element));
  const text = is(element, "octetString") ? null : textOf(element);
  return text === null ? hexWords(bytes) : `"${short(visible(text))}"`;
};

/** An implicitly tagged value may be anything: printable ASCII reads better as text. */
const contextWords = (bytes: Buffer): string => {
  const text = bytes.toString("latin1");
  return text.length > 2 && /^[\x20-\x7e]+$/.test(text) ? `"${short(text)}"` : hexWords(bytes);
};
