/**
 * A cell as RFC 4180 wants it. Labels and subjects come from tokens and certificates, hence from strangers: a cell
 * that a spreadsheet would take for a formula gets an apostrophe in front, which the spreadsheet does not show.
 */
const cell = (value: string): string => {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** @returns CSV by RFC 4180 with a header line; lines end in CR LF. */
export const csv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
