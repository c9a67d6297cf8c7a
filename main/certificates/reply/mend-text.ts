import { readNode } from "../../keys/ber.ts";
import { badFile } from "../../objects/import/file-failures.ts";
import { DerError } from "../../pkcs11/der.ts";
import { pem } from "../../x509/pem.ts";

/**
 * What people paste is seldom the file that a CA made: mail programs quote it, word processors make long dashes of its
 * hyphens, forms and JSON take its line breaks. Here such a text becomes PEM again (RFC 7468), without guessing at bytes:
 * base64 that is damaged stays an error.
 */
export interface Mended {
  /** PEM in one spelling, or the content as it was where that is no text. */
  content: Buffer;
  warnings: string[];
}

/** Hyphens, and what word processors and web pages make of them. */
const dash = "[-\\u2010-\\u2015\\u2212\\ufe58\\ufe63\\uff0d]";
/** "-----BEGIN X-----", also with fewer or more dashes and with spaces beside them. */
const begin = new RegExp(`${dash}{2,}\\s{0,8}BEGIN\\s{1,8}([A-Za-z0-9 #.]{1,60}?)\\s{0,8}${dash}{1,}`, "g");
const ending = (from: number): RegExp => {
  const end = new RegExp(`${dash}{1,}\\s{0,8}END\\s{1,8}[A-Za-z0-9 #.]{1,60}?\\s{0,8}${dash}{1,}`, "g");
  end.lastIndex = from;
  return end;
};

/** Not to be seen, and no part of base64: zero-width characters, soft hyphens, no-break spaces, byte order marks. */
const invisible = /[\u00ad\u00a0\u200b-\u200f\u2028\u2029\u2060\ufeff]/g;

/** @throws Failure BAD_FILE naming block and character */
export const mendReply = (fileName: string, content: Buffer): Mended => {
  if (content[0] === 0x30 && !isText(content)) return { content, warnings: [] };
  const text = textOf(content);
  const blocks = blocksOf(fileName, text);
  if (blocks.length > 0) return fromBlocks(fileName, blocks);
  const bare = bareBase64(text);
  if (bare)
    return { content: bare, warnings: ["The text has no BEGIN and END lines; its base64 was read all the same."] };
  if (/<html|<!doctype/i.test(text))
    throw badFile(
      fileName,
      "This is a web page without a certificate in it.",
      "Open it in a browser; perhaps it asks for a login. Download or copy the certificate itself.",
    );
  return { content, warnings: [] };
};

/** Base64 of a SEQUENCE begins with "M", as does no DER that certificates come in. */
const isText = (content: Buffer): boolean => !content.subarray(0, 512).some((byte) => byte === 0 || byte > 0x7f);

/** UTF-16 with a mark (Windows' tools write it), else UTF-8, else what each byte is. */
const textOf = (content: Buffer): string => {
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString("utf16le");
  if (content[0] === 0xfe && content[1] === 0xff)
    return Buffer.from(content.subarray(2, content.length - (content.length % 2)))
      .swap16()
      .toString("utf16le");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return content.toString("latin1");
  }
};

interface Block {
  label: string;
  body: string;
}

const blocksOf = (fileName: string, text: string): Block[] => {
  const blocks: Block[] = [];
  begin.lastIndex = 0;
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    const label = (found[1] ?? "").trim().toUpperCase().replace(/\s+/g, " ");
    const end = ending(begin.lastIndex).exec(text);
    if (!end) {
      const line = text.slice(0, found.index).split("\n").length;
      throw badFile(
        `${fileName}, block ${blocks.length + 1} (${label})`,
        `The block that begins in line ${line} has no end: the text is cut off.`,
        "Copy the whole of it, with the END line.",
      );
    }
    blocks.push({ label, body: text.slice(begin.lastIndex, end.index) });
    begin.lastIndex = end.index + end[0].length;
  }
  return blocks;
};

const fromBlocks = (fileName: string, blocks: Block[]): Mended => {
  const kept: string[] = [];
  let keys = 0;
  for (const [i, { label, body }] of blocks.entries()) {
    if (/PRIVATE KEY|ENCRYPTED/.test(label)) keys++;
    else kept.push(renamed(label, base64Of(`${fileName}, block ${i + 1} (${label})`, body)));
  }
  if (kept.length === 0)
    throw badFile(
      fileName,
      "There is a private key in it, but no certificate.",
      "A CA sends no private key back. To bring a key to the token, import the file.",
    );
  const warnings =
    keys > 0
      ? ["A private key in it was left out: a reply for a key on the token has none. Import the file if you want it."]
      : [];
  return { content: Buffer.from(kept.join("")), warnings };
};

/** @throws Failure BAD_FILE */
const base64Of = (where: string, body: string): string => {
  const lines = body
    // Text that went through JSON or a shell has its line breaks spelled out.
    .replace(/\\[rn]/g, "\n")
    .replace(/<br\s*\/?>/gi, "\n")
    .replace(invisible, "")
    .split(/[\r\n]+/)
    // Quoted by a mail program; header lines (RFC 1421) that some programs put there.
    .map((line) => line.replace(/^[\s>|]+/, "").trim())
    .filter((line) => !/^[A-Za-z-]+:/.test(line));
  // Quoted-printable spells "=" as "=3D"; quotation marks and commas come from programs' texts.
  const base64 = lines
    .join("")
    .replace(/[\s"',]/g, "")
    .replace(/=3D/g, "=");
  const wrong = /[^A-Za-z0-9+/=]/.exec(base64);
  if (wrong)
    throw badFile(where, `${shownCharacter(wrong[0])} is no part of base64: the text is damaged.`, "Copy it again.");
  if (base64 === "") throw badFile(where, "The block is empty.");
  if (base64.replace(/=+$/, "").length % 4 === 1 || /=[^=]/.test(base64) || /={3}/.test(base64))
    throw badFile(where, "The base64 text is cut off or damaged.", "Copy the whole of it again.");
  return base64.replace(/=+$/, "");
};

const shownCharacter = (character: string): string =>
  `"${character}" (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")})`;

/** Labels that the readers of files know as they are; any other is told by what is in it. */
const known = /^(TRUSTED CERTIFICATE|X509 CRL|PUBLIC KEY|RSA PUBLIC KEY)$/;

const renamed = (label: string, base64: string): string => {
  const bytes = Buffer.from(base64, "base64");
  return pem(known.test(label) ? label : /REQUEST/.test(label) ? "CERTIFICATE REQUEST" : kindOf(bytes), bytes);
};

/** A SEQUENCE that starts with an object identifier is a ContentInfo (RFC 5652 3). */
const kindOf = (bytes: Buffer): string => {
  const content = (bytes[1] ?? 0) < 0x80 ? 2 : 2 + ((bytes[1] ?? 0) & 0x7f);
  return bytes[content] === 0x06 ? "PKCS7" : "CERTIFICATE";
};

/** The first run of base64 that holds a whole SEQUENCE; whatever follows it, words included, is not looked at. */
const bareBase64 = (text: string): Buffer | null => {
  const clean = text
    .replace(/\\[rn]/g, "\n")
    .replace(invisible, "")
    .replace(/^[\s>|]+/gm, "");
  for (const [start] of clean.matchAll(/\bM[A-Za-z0-9+/]{20,}[A-Za-z0-9+/=\s]*/g)) {
    try {
      return readNode(Buffer.from(start.replace(/\s/g, ""), "base64")).raw;
    } catch (thrown) {
      if (!(thrown instanceof DerError)) throw thrown;
    }
  }
  return null;
};
