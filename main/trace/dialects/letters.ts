/** What a byte of a log is, for those who read logs in place without making strings. */

export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const words = Uint8Array.from({ length: 256 }, (_, byte) => (/\w/.test(String.fromCharCode(byte)) ? 1 : 0));

/** A letter, digit or underscore, as names of functions and constants are made of. */
export const isWord = (byte: number): boolean => words[byte] === 1;

/** Whether all bytes from `from` up to `to` are such. */
export const areWord = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if (!isWord(bytes[at] ?? 0)) return false;
  return true;
};
