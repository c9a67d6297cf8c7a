import type { TraceField } from "../../../preload/contract/trace.ts";
import type { Piece } from "../../ui/HexRows.tsx";

/** One line of the arguments' tree. */
export interface FieldLine {
  /** "0.2.1": places of the field and those around it. */
  path: string;
  level: number;
  field: TraceField;
  parent: boolean;
}

/** @param closed paths whose inner fields are not shown */
export const fieldLines = (
  fields: readonly TraceField[],
  closed: ReadonlySet<string>,
  above = "",
  level = 1,
): FieldLine[] =>
  fields.flatMap((field, index) => {
    const path = `${above}${index}`;
    const inner = field.fields ?? [];
    return [
      { path, level, field, parent: inner.length > 0 },
      ...(closed.has(path) ? [] : fieldLines(inner, closed, `${path}.`, level + 1)),
    ];
  });

interface Range {
  from: number;
  to: number;
}

/**
 * Cuts a record at the ends of its fields and of what is masked.
 * @param length bytes that are shown
 */
export const piecesOf = (fields: readonly TraceField[], masked: readonly Range[], length: number): Piece[] => {
  const lines = fieldLines(fields, new Set()).flatMap(({ path, field }) => (field.at ? [{ path, ...field.at }] : []));
  const cuts = [...new Set([0, length, ...[...lines, ...masked].flatMap(({ from, to }) => [from, to])])]
    .filter((cut) => cut >= 0 && cut <= length)
    .sort((a, b) => a - b);
  return cuts.slice(1).map((to, index) => {
    const from = cuts[index] ?? 0;
    const covers = (range: Range) => range.from <= from && to <= range.to;
    // Inner fields come later and are shorter.
    const field = lines
      .filter(covers)
      .reduce<(typeof lines)[number] | null>(
        (best, one) => (!best || one.to - one.from <= best.to - best.from ? one : best),
        null,
      );
    return { from, to, path: field?.path ?? null, masked: masked.some(covers) };
  });
};
