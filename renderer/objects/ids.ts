/** CKA_ID as people write it. */

/** Pairs with colons, as many programs print it. */
export const colonHex = (hex: string): string => (hex.match(/../g) ?? []).join(":");

/** The id attribute of a PKCS#11 URI (RFC 7512, 2.3): every byte percent-encoded. */
export const uriId = (hex: string): string =>
  `id=${(hex.match(/../g) ?? []).map((pair) => `%${pair.toUpperCase()}`).join("")}`;

/** Long values are shortened in the middle, since both ends tell them apart. */
export const shortHex = (hex: string): string => (hex.length > 20 ? `${hex.slice(0, 8)}…${hex.slice(-8)}` : hex);

export type ParsedHex = { hex: string; problem: null } | { hex: null; problem: string };

/**
 * Reads hexadecimal digits, with or without colons, blanks and a leading 0x.
 * An odd number of digits is refused and not filled up: OpenSC once stored 78898 as 788908 (OpenSC/OpenSC#1613).
 */
export const parseHex = (text: string): ParsedHex => {
  const digits = text.trim().replace(/^0x/i, "");
  const wrong = /[^0-9a-f:\s]/i.exec(digits);
  if (wrong) return { hex: null, problem: `"${wrong[0]}" is not a hexadecimal digit (0-9, a-f).` };
  const groups = digits.split(/[:\s]+/).filter(Boolean);
  if (groups.length > 1) {
    const odd = groups.find((group) => group.length % 2 === 1);
    if (odd)
      return { hex: null, problem: `"${odd}" has an odd number of digits. Write each byte with two, e.g. 0${odd}.` };
  }
  const hex = groups.join("").toLowerCase();
  if (hex.length % 2 === 1)
    return {
      hex: null,
      problem: `${hex.length} digits is an odd number; a byte has two. Add the missing digit: a 0 put in the wrong place would make another value.`,
    };
  return { hex, problem: null };
};
