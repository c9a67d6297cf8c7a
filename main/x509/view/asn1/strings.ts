import { contents, type Element, octetsOf } from "./ber.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Universal tags of string types, with how their octets make characters; null: the octets are none. */
const decoders: Record<number, (bytes: Buffer) => string | null> = {
  12: (bytes) => {
    try {
      return utf8.decode(bytes);
    } catch {
      return null;
    }
  },
  18: latin1,
  19: latin1,
  // Latin-1 in practice, which is how OpenSSL reads it too.
  20: latin1,
  22: latin1,
  25: latin1,
  26: latin1,
  27: latin1,
  28: (bytes) => {
    if (bytes.length % 4) return null;
    const points = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32BE(i * 4));
    return points.some((point) => point > 0x10ffff) ? null : String.fromCodePoint(...points);
  },
  30: (bytes) => (bytes.length % 2 ? null : Buffer.from(bytes).swap16().toString("utf16le")),
};

function latin1(bytes: Buffer): string {
  return bytes.toString("latin1");
}

/** Text of a character string of any type; null if it is none, or not what its type says. */
export const textOf = (element: Element): string | null =>
  element.tagClass === "universal" ? (decoders[element.tag]?.(octetsOf(element)) ?? null) : null;

/** Text of an implicitly tagged IA5String (GeneralName). */
export const ia5Of = (element: Element): string => visible(contents(element).toString("latin1"));

/** Characters that would disturb a table or terminal are shown by their codes. */
export const visible = (text: string): string =>
  text.replace(
    /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
