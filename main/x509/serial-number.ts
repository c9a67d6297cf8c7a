import { randomBytes } from "node:crypto";

/** A random serial number of 16 octets, neither negative nor zero and always of the same length: 126 bits of chance. */
export const randomSerialNumber = (): Buffer => {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
};
