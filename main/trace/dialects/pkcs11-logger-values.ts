import type { TraceField } from "../../../preload/contract/trace.ts";
import { certificateTypeName, keyTypeName, objectClassName } from "../../pkcs11/object-names.ts";
import { attributeValue } from "./opensc-spy-values.ts";
import { type LoggerLine, valueAt } from "./pkcs11-logger-lines.ts";

type Place = { from: number; to: number };
export type Value = Partial<TraceField>;

/** Members of structures that are text. */
export const textMembers = /^(label|manufacturerID|model|serialNumber|slotDescription|libraryDescription|utcTime)$/;

/** The buffer whose length is told: "ulDataLen" and "pulDataLen" tell of pData, "ulOldLen" of pOldPin. */
export const lengthOwner = (name: string): string => {
  const what = name.replace(/^p?ul/, "").replace(/Len$/, "");
  if (what === "Random") return "RandomData";
  return /^(Old|New)$/.test(what) ? `p${what}Pin` : `p${what}`;
};

export const integer = (text: string): bigint => BigInt(/^\d{1,20}/.exec(text)?.[0] ?? "0");
export const isPointer = (text: string): boolean => /^(\(nil\)|0x[0-9a-f]+|[0-9A-F]{8}|[0-9A-F]{16})$/.test(text);
export const isNull = (text: string): boolean => /^(\(nil\)|\(null\)|0x0+|0{8}|0{16})$/.test(text);
export const utf8 = (text: string): string => Buffer.from(text, "latin1").toString("utf8");
export const placeOf = (line: LoggerLine): Place => ({ from: valueAt(line), to: line.to });
/** Of the digits in HEX(...). */
export const bytesPlace = (line: LoggerLine): Place => ({
  from: Math.min(valueAt(line) + 4, line.to),
  to: Math.max(Math.min(valueAt(line) + 4, line.to), line.to - 1),
});

const numbers: Record<string, (value: number) => string> = {
  CKA_CLASS: objectClassName,
  CKA_KEY_TYPE: keyTypeName,
  CKA_CERTIFICATE_TYPE: certificateTypeName,
};

/** Bytes of an attribute: the logger decodes none. CK_ULONG and CK_BBOOL as on the computer that wrote the log. */
export const attribute = (name: string, bytes: Buffer): Value => {
  const hex = bytes.toString("hex");
  const nameOf = numbers[name];
  if (nameOf && (bytes.length === 8 || bytes.length === 4)) return { text: nameOf(bytes.readUInt32LE(0)), hex };
  if (bytes.length === 1 && /^0[01]$/.test(hex) && name !== "CKA_ID")
    return { text: hex === "01" ? "CK_TRUE" : "CK_FALSE", hex };
  return attributeValue(name, bytes, /^CKA_(LABEL|APPLICATION|URL|UNIQUE_ID)$/.test(name));
};
