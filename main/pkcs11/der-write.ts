import { DerError } from "./der.ts";

/** DER with this tag and content (X.690, 8.1 and 10.1). */
export const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  let length = 0;
  for (const part of parts) length += part.length;
  const size = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
  const bytes = Buffer.allocUnsafe(2 + size + length);
  bytes[0] = tag;
  bytes[1] = size === 0 ? length : 0x80 | size;
  if (size > 0) bytes.writeUIntBE(length, 2, size);
  let at = 2 + size;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/**
 * OBJECT IDENTIFIER of dotted text, e.g. "1.2.840.10045.2.1".
 * @throws DerError if it is none
 */
export const derOid = (dotted: string): Buffer => {
  if (!/^[0-2](\.\d+)+$/.test(dotted)) throw new DerError(`${dotted} is no object identifier`);
  const [root = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  if (root < 2n && second > 39n) throw new DerError(`${dotted} is no object identifier`);
  return der(0x06, ...[root * 40n + second, ...rest].map(base128));
};

const base128 = (value: bigint): Buffer => {
  const bytes = [Number(value & 0x7fn)];
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80);
  return Buffer.from(bytes);
};

/** INTEGER of an unsigned big-endian number: no leading zeros but the one that keeps it positive. */
export const derUnsigned = (magnitude: Uint8Array): Buffer => {
  let at = 0;
  while (at < magnitude.length - 1 && magnitude[at] === 0) at++;
  const plain = magnitude.length === 0 ? Buffer.from([0]) : magnitude.subarray(at);
  return (plain[0] ?? 0) & 0x80 ? der(0x02, Buffer.from([0]), plain) : der(0x02, plain);
};

/** BIT STRING of whole octets. */
export const derBits = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content);
