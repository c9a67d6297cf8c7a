import type { TraceField } from "../../../preload/contract/trace.ts";
import { apart, type Mask, type RecordBytes } from "./dialect.ts";
import { type LineRecord, readLines } from "./line-record.ts";
import { type KitLine, linesOf, valueAt } from "./p11-kit-lines.ts";
import { isCertificateList, readValue, secretName } from "./p11-kit-values.ts";

export type KitRecord = LineRecord<KitLine>;

export const readRecord = (record: RecordBytes): KitRecord => readLines(record, linesOf);

/** The lines of the call itself: p11-kit writes what goes in and what comes out in one piece each. */
export const ownLines = ({ lines }: KitRecord): KitLine[] => {
  const isEdge = (line: KitLine) => line.kind === "header" || line.kind === "returned";
  const edge = lines.findIndex((line, i) => i > 0 && isEdge(line));
  if (edge < 0 || edge === lines.length - 1) return lines;
  const given = lines.slice(0, edge);
  const returned = lines[lines.length - 1];
  if (returned?.kind !== "returned") return given;
  let from = lines.length - 1;
  while (from > edge && !isEdge(lines[from - 1] ?? returned) && lines[from - 1]?.kind !== "in") from--;
  const got = lines.slice(from);
  const first = got.findIndex(({ kind }) => kind === "out");
  return [...given.filter(({ kind }) => kind !== "out"), ...(first < 0 ? [] : got.slice(first, -1)), returned];
};

/** Arguments of a call. */
export const fieldsOf = (lines: readonly KitLine[]): TraceField[] => {
  const isCertificate = lines.some(({ value }) => isCertificateList(value));
  const fields: TraceField[] = [];
  let group: TraceField | null = null;
  for (const line of lines) {
    if (line.kind === "in" || line.kind === "out") {
      const { name, kind: direction } = line;
      const at = { from: valueAt(line), to: line.to };
      if (line.value.trimEnd() === "{") {
        group = { name, direction, kind: "structure", text: "", fields: [], at };
        fields.push(group);
      } else {
        group = null;
        const field: TraceField = { name, direction, ...readValue(name, line.value, isCertificate), at };
        fields.push(directed(field, direction));
      }
    } else if (line.kind === "more" && group && line.name !== "") member(group, line);
  }
  return fields;
};

const directed = (field: TraceField, direction: "in" | "out"): TraceField =>
  field.fields ? { ...field, fields: field.fields.map((part) => directed({ ...part, direction }, direction)) } : field;

const member = (group: TraceField, line: KitLine): void => {
  const at = { from: valueAt(line), to: line.to };
  const value = readValue(line.name, line.value, false);
  group.fields?.push({ name: line.name, direction: group.direction, ...value, at });
  if (line.name === "mechanism") Object.assign(group, { kind: "mechanism", text: value.text });
  else if (group.kind === "structure" && (group.fields?.length ?? 0) <= 3)
    group.text = [group.text, `${line.name} ${value.text}`].filter((text) => text !== "").join(", ");
};

const attributeValue = /\{ (CKA_\w+) = \(-?\d+\) "((?:[^"\\]|\\.)*)"?/gs;

/** What must not be shown, in any line: lines of other threads may stand in a record. */
export const masksOf = ({ lines, gap }: KitRecord): Mask[] => {
  const masks: Mask[] = [];
  for (const line of lines) {
    const start = valueAt(line);
    const isArgument = line.kind === "in" || line.kind === "out";
    const secret = isArgument ? secretName(line.name, false) : null;
    if (secret !== null) {
      const open = line.value.indexOf('"');
      const close = line.value.lastIndexOf('"');
      // A text that is not closed was cut or broken: all of it goes.
      const to = close > open ? close : line.value.length;
      if (open >= 0 && to > open + 1) masks.push({ from: start + open + 1, to: start + to, what: secret });
      continue;
    }
    if (line.kind === "header" || line.kind === "returned") continue;
    const text = line.value || line.head;
    const from = line.value ? start : line.from;
    const isCertificate = isCertificateList(text);
    for (const found of text.matchAll(attributeValue)) {
      const what = secretName(found[1] ?? "", isCertificate);
      const value = found[2] ?? "";
      const at = found.index + found[0].indexOf('"') + 1;
      if (what !== null && value !== "") masks.push({ from: from + at, to: from + at + value.length, what });
    }
    // Behind a line that another thread broke.
    const stray = line.name === "" ? /pPin|pOldPin|pNewPin/.exec(text) : null;
    if (stray && from + stray.index + stray[0].length < line.to)
      masks.push({ from: from + stray.index + stray[0].length, to: line.to, what: "PIN" });
  }
  if (gap && gap.to > gap.from) masks.push({ ...gap, what: "data" });
  return apart(masks);
};
