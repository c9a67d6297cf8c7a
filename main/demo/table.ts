import type { ObjectRow } from "../../preload/contract/objects.ts";

/** Width of a cell is capped so that a line fits a terminal; a longer value is cut and marked. */
const widest = 34;

const cut = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);

const kind = ({ keyType, curve, size }: ObjectRow): string =>
  [keyType, curve ?? (size === null ? null : String(size))].filter(Boolean).join(" ");

const columns: { title: string; of(row: ObjectRow): string }[] = [
  { title: "Class", of: (row) => row.class },
  { title: "Label", of: (row) => row.label },
  { title: "CKA_ID", of: (row) => (row.id.length > 16 ? `${row.id.slice(0, 16)}…` : row.id) },
  { title: "Type", of: kind },
  { title: "About", of: (row) => row.subject ?? row.flags.join(" ") },
];

/**
 * The object table as text, one line an object.
 * @returns lines with a heading, every column as wide as its widest cell.
 */
export const objectTable = (rows: ObjectRow[]): string[] => {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => cut(of(row))))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [lines[0] ?? "", widths.map((width) => "-".repeat(width)).join("  "), ...lines.slice(1)];
};
