import type { ErrorData } from "../../../preload/contract/errors.ts";
import { pemBlocks } from "../../objects/import/pem.ts";
import { Failure } from "../../pkcs11/failure.ts";

/** One block of a PEM text, whole or damaged. */
export interface TextBlock {
  label: string;
  /** Its own text, from BEGIN on. */
  text: string;
  bytes: Buffer;
  where: string;
  /** Why it is not a whole block; `bytes` is what could be made of it. */
  problem: ErrorData | null;
}

/**
 * The first blocks of a PEM text, each read by itself: a damaged one takes no other with it.
 * @returns them, and how many there are in all
 */
export const textBlocks = (fileName: string, text: string, limit: number): { blocks: TextBlock[]; all: number } => {
  const parts = text.split(/(?=-----BEGIN [A-Z0-9 ]+-----)/).filter((part) => part.startsWith("-----BEGIN "));
  return { blocks: parts.slice(0, limit).map((part, at) => textBlock(fileName, part, at)), all: parts.length };
};

const textBlock = (fileName: string, part: string, at: number): TextBlock => {
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(part)?.[1] ?? "";
  const where = `${fileName}, block ${at + 1} (${label})`;
  try {
    const [block] = pemBlocks(fileName, part);
    return { label, text: part, bytes: block?.bytes ?? Buffer.alloc(0), where, problem: null };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { label, text: part, bytes: salvaged(part), where, problem: { ...thrown.data, where } };
  }
};

/** Whatever base64 there is. */
const salvaged = (part: string): Buffer => {
  const body = part.replace(/^-----BEGIN [^\n]*-----/, "").replace(/-----END[\s\S]*$/, "");
  return Buffer.from(body.replace(/[^A-Za-z0-9+/]/g, ""), "base64");
};

/** Bytes in a pasted text without BEGIN: base64 or hexadecimal digits, with whatever blanks, colons or commas between. */
export const bytesInText = (text: string): Buffer | null => {
  const digits = text.replace(/0x|[\s:,]/gi, "");
  if (digits.length >= 4 && digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits)) return Buffer.from(digits, "hex");
  const packed = text.replace(/\s/g, "");
  return packed.length >= 8 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(packed) ? Buffer.from(packed, "base64") : null;
};
