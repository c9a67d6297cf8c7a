import type { Mask, RecordBytes } from "../dialects/dialect.ts";
import { valueAt } from "../dialects/pkcs11-logger-lines.ts";
import { attributeIn, readRecord } from "../dialects/pkcs11-logger-record.ts";
import { identifyingAttribute, identifyingMember, isSlot, isTextAttribute, pathPattern } from "./identifying.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/** Stand-ins for the names in a record of PKCS11-LOGGER. */
export const loggerNames = (record: RecordBytes, pseudonyms: Pseudonyms): Mask[] => {
  const masks: Mask[] = [];
  /** The attribute whose value may follow, by what stands in front of the lines of its thread. */
  const attributes = new Map<string, string>();
  for (const line of readRecord(record).lines) {
    const { prefix, name, value } = line;
    const start = valueAt(line);
    const put = (at: number, fill: string, what: string): void => {
      if (fill !== "") masks.push({ from: start + at, to: start + at + fill.length, what, fill });
    };
    if (name === "Attribute") attributes.set(prefix, attributeIn(value));
    const hex = /^HEX\(((?:[0-9A-F]{2})*)/.exec(value)?.[1];
    if (hex !== undefined) {
      // A value whose attribute is not known may be a name.
      const attribute = name === "*pValue" ? (attributes.get(prefix) ?? "CKA_LABEL") : "";
      const what = identifyingAttribute(attribute);
      if (what) put(4, hexStandIn(hex, isTextAttribute(attribute), pseudonyms), what);
      continue;
    }
    const member = name === "*pLabel" ? "label" : identifyingMember(name);
    if (member) put(0, pseudonyms.text(value), member);
    else if (isSlot(name) && /^\d+$/.test(value)) put(0, pseudonyms.slotText(value), "slot ID");
    else for (const { 0: path, index } of value.matchAll(pathPattern)) put(index, pseudonyms.path(path), "path");
  }
  return masks;
};

const hexStandIn = (hex: string, isText: boolean, pseudonyms: Pseudonyms): string =>
  Buffer.from(pseudonyms.value(Buffer.from(hex, "hex"), isText))
    .toString("hex")
    .toUpperCase();
