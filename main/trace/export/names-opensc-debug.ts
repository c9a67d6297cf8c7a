import type { Mask, RecordBytes } from "../dialects/dialect.ts";
import { commandParts } from "../dialects/opensc-debug-apdu.ts";
import { readRecord } from "../dialects/opensc-debug-record.ts";
import { dumpsOf, rowMasks } from "../dialects/opensc-debug-secrets.ts";
import { pathPattern } from "./identifying.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/** Texts in quotation marks: readers, labels, files. */
const quoted = /'([^'\n]+)'|"([^"\n]+)"/g;
/** "serial number: 0102 ...", "label=..." to the end of the line. */
const told = /\b(serial(?: ?(?:number|nr|no))?|label|subject|issuer)\b\s*[:=]\s*(\S[^\r\n]*)/gi;
const hexRun = /\b(?:[0-9A-Fa-f]{2}[ :]){3,}[0-9A-Fa-f]{2}\b|\b[0-9A-Fa-f]{16,}\b/g;

const slots = /\bslot(?:ID| ?id)?(?:[ :=(]|: )+(0x[0-9a-f]+|\d+)\b/gi;

/**
 * Stand-ins for the names in a record of OPENSC_DEBUG. What a card sends and is sent may be anybody's name, number or
 * certificate: its data is masked as a whole, status words aside.
 */
export const debugNames = (record: RecordBytes, pseudonyms: Pseudonyms): Mask[] => {
  const lines = readRecord(record);
  const masks: Mask[] = [];
  for (const dump of dumpsOf(lines)) {
    const from = dump.isCommand ? commandParts(dump.bytes).from : 0;
    const count = dump.rows.reduce((sum, row) => sum + row.bytes.length, 0);
    const to = dump.isCommand ? count : count - 2;
    masks.push(...rowMasks(dump.rows, from, to, "card data"));
  }
  for (const line of lines) {
    const text = line.kind === "message" ? line.body : line.kind === "text" ? line.text : "";
    const start = line.to - text.length;
    const put = (at: number, fill: string, what: string) => {
      masks.push({ from: start + at, to: start + at + fill.length, what, fill });
    };
    for (const found of text.matchAll(hexRun)) put(found.index, found[0].replace(/[0-9A-Fa-f]/g, "*"), "card data");
    for (const found of text.matchAll(told)) {
      const value = found[2] ?? "";
      put(found.index + found[0].length - value.length, pseudonyms.text(value), "label or serial number");
    }
    for (const found of text.matchAll(slots)) {
      const value = found[1] ?? "";
      put(found.index + found[0].length - value.length, pseudonyms.slotText(value), "slot ID");
    }
    for (const { 0: path, index } of text.matchAll(pathPattern)) put(index, pseudonyms.path(path), "path");
    for (const found of text.matchAll(quoted))
      put(found.index + 1, pseudonyms.text(found[1] ?? found[2] ?? ""), "quoted text");
  }
  return masks.filter(({ from, to }) => to > from);
};
