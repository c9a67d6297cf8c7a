import type { Mask, RecordBytes } from "../dialects/dialect.ts";
import { valueAt } from "../dialects/p11-kit-lines.ts";
import { readRecord } from "../dialects/p11-kit-record.ts";
import { identifyingAttribute, identifyingMember, isTextAttribute, pathPattern } from "./identifying.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

const attributes = /\{ (CKA_\w+) = \(-?\d+\) "((?:[^"\\]|\\.)*)"?/gs;
const slots = /\bSL(\d{1,20})\b/g;

/** Stand-ins for the names in a record of p11-kit. */
export const kitNames = (record: RecordBytes, pseudonyms: Pseudonyms): Mask[] => {
  const masks: Mask[] = [];
  for (const line of readRecord(record).lines) {
    if (line.kind === "header" || line.kind === "returned") continue;
    // Of a line that another thread broke, the whole is looked through.
    const text = line.value || line.head;
    const start = line.value ? valueAt(line) : line.from;
    const put = (at: number, fill: string, what: string): void => {
      if (fill !== "") masks.push({ from: start + at, to: start + at + fill.length, what, fill });
    };
    const label = line.name === "pLabel" || line.name === "label" ? "label" : identifyingMember(line.name);
    const open = text.indexOf('"');
    if (label !== null && open >= 0) {
      const close = text.lastIndexOf('"');
      const value = text.slice(open + 1, close > open ? close : undefined);
      put(open + 1, escaped(value, true, pseudonyms), label);
      continue;
    }
    for (const found of text.matchAll(attributes)) {
      const [whole, name = "", value = ""] = found;
      const what = identifyingAttribute(name);
      if (what) put(found.index + whole.indexOf('"') + 1, escaped(value, isTextAttribute(name), pseudonyms), what);
    }
    if (open >= 0) continue;
    for (const { 0: whole, 1: digits = "", index } of text.matchAll(slots))
      put(index + whole.length - digits.length, pseudonyms.slotText(digits), "slot ID");
    for (const { 0: path, index } of text.matchAll(pathPattern)) put(index, pseudonyms.path(path), "path");
  }
  return masks;
};

const letter = (byte: number): string => String.fromCharCode(0x61 + (byte % 26));

/** Bytes written as text with \n, \xHH: each gets a stand-in that takes as many places. */
const escaped = (written: string, isText: boolean, pseudonyms: Pseudonyms): string => {
  const isCut = written.endsWith("...") && written.length > 110;
  const parts = (isCut ? written.slice(0, -3) : written).match(/\\x[0-9A-Fa-f]{2}|\\.|[\s\S]/g) ?? [];
  const plain = parts.map((part) =>
    part.startsWith("\\x") ? String.fromCharCode(Number.parseInt(part.slice(2), 16)) : part.slice(-1),
  );
  const other = pseudonyms.value(Buffer.from(plain.join(""), "latin1"), isText);
  const made = parts.map((part, i) => {
    const byte = other[i] ?? 0;
    if (part.startsWith("\\x")) return `\\x${byte.toString(16).padStart(2, "0")}`;
    if (part.startsWith("\\")) return part;
    return isText ? String.fromCharCode(byte) : letter(byte);
  });
  return made.join("") + (isCut ? "..." : "");
};
