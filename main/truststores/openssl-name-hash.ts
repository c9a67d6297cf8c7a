import { createHash } from "node:crypto";
import { children, type Node, readAll, tags } from "../keys/ber.ts";
import { der } from "../pkcs11/der-write.ts";

/**
 * The hash by which OpenSSL (1.0.0 and later) looks for an issuer in a folder of certificates: X509_NAME_hash, SHA-1
 * of the name in canonical form, of which the first four bytes are taken as a little-endian number.
 * @param name DER of a Name
 * @returns eight hexadecimal digits
 */
export const opensslNameHash = (name: Buffer): string =>
  createHash("sha1").update(canonical(name)).digest().subarray(0, 4).reverse().toString("hex");

/** x509_name_canon: RDN after RDN without the SEQUENCE around them, strings in UTF-8 and lower case. */
const canonical = (name: Buffer): Buffer =>
  Buffer.concat(
    children(readAll(name)).map((relative) => der(0x31, ...children(relative).map(canonicalPart).sort(Buffer.compare))),
  );

const canonicalPart = (part: Node): Buffer => {
  const [type, value] = children(part);
  if (!type || !value) return part.raw;
  const text = textOf(value);
  return der(0x30, type.raw, text === null ? value.raw : der(tags.utf8, Buffer.from(folded(text), "utf8")));
};

/** White space at the ends goes, more than one within becomes one; only ASCII letters are folded. */
const folded = (text: string): string =>
  text
    .replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "")
    .replace(/[ \t\n\v\f\r]+/g, " ")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Other types than these are compared as they are (ASN1_MASK_CANON). */
const textOf = ({ tag, content }: Node): string | null => {
  if (tag === tags.utf8) return content.toString("utf8");
  if (tag === tags.bmp) return Buffer.from(content).swap16().toString("utf16le");
  if (tag === 0x1c) return ucs4(content);
  // Printable, T61 (which OpenSSL takes for Latin-1), IA5 and Visible strings.
  return [0x13, 0x14, 0x16, 0x1a].includes(tag) ? content.toString("latin1") : null;
};

const ucs4 = (bytes: Buffer): string => {
  let text = "";
  for (let at = 0; at + 4 <= bytes.length; at += 4)
    text += String.fromCodePoint(Math.min(bytes.readUInt32BE(at), 0x10ffff));
  return text;
};
