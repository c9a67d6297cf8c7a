import type { Handle } from "pkcs11js";

/** pkcs11js gives slot ids and handles as CK_ULONG in native byte order; the contract uses hexadecimal text and numbers. */

export const handleNumber = (handle: Handle): bigint => {
  let value = 0n;
  for (let i = handle.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(handle[i] ?? 0);
  return value;
};

export const handleText = (handle: Handle): string => `0x${handleNumber(handle).toString(16)}`;

/** @param size bytes of CK_ULONG: 8 on 64-bit Unix, 4 on Windows and 32-bit systems. */
export const handleFrom = (value: bigint | number | string, size = ulongSize): Handle => {
  const buffer = Buffer.alloc(size);
  let rest = BigInt(value);
  for (let i = 0; i < size; i++, rest >>= 8n) buffer[i] = Number(rest & 0xffn);
  return buffer;
};

export const ulongSize = process.platform === "win32" || ["ia32", "arm"].includes(process.arch) ? 4 : 8;

/** @returns a CK_ULONG attribute value as a number, or null if the length is wrong (some modules answer with 4 bytes). */
export const ulongValue = (value: Buffer): number | null =>
  value.length === 8 ? Number(value.readBigUInt64LE()) : value.length === 4 ? value.readUInt32LE() : null;

export const ulong = (value: number): Buffer => handleFrom(value);
