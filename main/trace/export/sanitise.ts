import type { DialectName } from "../../../preload/contract/trace.ts";
import {
  brokenLine,
  type Dialect,
  type Mask,
  putMasks,
  type RecordBytes,
  type RecordContext,
  stretches,
} from "../dialects/dialect.ts";
import { debugNames } from "./names-opensc-debug.ts";
import { spyNames } from "./names-opensc-spy.ts";
import { kitNames } from "./names-p11-kit.ts";
import { loggerNames } from "./names-pkcs11-logger.ts";
import { recordingNames } from "./names-tokenglass.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

const nameFinders: Record<DialectName, (record: RecordBytes, pseudonyms: Pseudonyms) => Mask[]> = {
  tokenglass: recordingNames,
  "opensc-spy": spyNames,
  "opensc-debug": debugNames,
  "p11-kit": kitNames,
  "pkcs11-logger": loggerNames,
  // Made from OpenSC's spy: its lines are read alike.
  pkcs11shim: spyNames,
};

/** PINs on command lines and in PKCS#11 URIs (RFC 7512, 2.3), in lines that no dialect knows. */
const written = /(?:--(?:so-|new-|old-|user-)?(?:pin|puk|password)[= ]+|\bpin-value=)([^\s"'&;,\\]+)/gi;

/** Lines of a log about itself; any other line of a note may be what somebody typed. */
const noteLines: Partial<Record<DialectName, RegExp>> = {
  "opensc-spy": /^(?:[* ]*OpenSC PKCS#11 spy[* ]*|Loaded: "[^"]*"|Error: [^\r\n]*|Unable to load[^\r\n]*|)\r?$/,
  pkcs11shim: /^(?:\*[^\r\n]*|p?pid: \w+|PKCS11SHIM_\w+=[^\r\n]*|library: "[^"\r\n]*"|\[lib\] [^\r\n]*|)\r?$/,
  "pkcs11-logger":
    /^(?:0x[0-9a-f]{8,16} : ){0,2}(?:\*{10,}[^\r\n]*|PKCS11-LOGGER \S+|PKCS#11 logging proxy module|Developed as a part [^\r\n]*|Please visit www[^\r\n]*|NOTE: Memory [^\r\n]*|\d{4}-\d\d-\d\d \S+ - (?:Going|Successfully|Received|Unable) [^\r\n]*|)\r?$/,
};

export interface RecordMasks {
  /** Stand-ins, put in first. */
  names: Mask[];
  /** What is secret, put over everything. */
  secrets: Mask[];
}

/** Everything in a record that an export changes; places from the record's first byte, left-out bytes counted. */
export const masksOf = (
  dialect: Dialect,
  record: RecordBytes,
  context: RecordContext,
  pseudonyms: Pseudonyms | null,
): RecordMasks => {
  const secrets = [...dialect.mask(record, context)];
  const { left, bytes } = record;
  const text = Buffer.from(bytes).toString("latin1");
  const shift = (place: number): number => (left && place >= left.at ? place + left.count : place);
  for (const found of text.matchAll(written)) {
    const to = found.index + found[0].length;
    secrets.push({ from: shift(to - (found[1]?.length ?? 0)), to: shift(to), what: "PIN" });
  }
  const own = context.row.kind === "note" ? noteLines[dialect.name] : undefined;
  if (own) {
    let at = 0;
    for (const line of text.split("\n")) {
      if (!own.test(line)) secrets.push(starred(shift(at), line.replace(/\r$/, ""), "foreign line"));
      at += line.length + 1;
    }
  }
  return { names: pseudonyms ? nameFinders[dialect.name](record, pseudonyms) : [], secrets };
};

const starred = (from: number, text: string, what: string): Mask => ({
  from,
  to: from + text.length,
  what,
  fill: text.replace(/[^\s]/g, "*"),
});

/**
 * The middle of a very long record is never looked at, nor are the pieces of lines at its sides: nobody knows what is in
 * it. null: all was looked at, or the recorder itself left out what is secret.
 */
export const unseenPart = (dialect: Dialect, { bytes, left }: RecordBytes): { from: number; to: number } | null => {
  if (!left || dialect.name === "tokenglass") return null;
  const { from, to } = brokenLine(bytes, left);
  return { from, to: to + left.count };
};

/** Stars for everything but blanks and line ends. */
export const starOut = (bytes: Uint8Array): number => {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x2a) continue;
    bytes[i] = 0x2a;
    count++;
  }
  return count;
};

/** What a record may be decoded from: its bytes with all masks in, the unseen part left out as before. */
export const sanitised = (dialect: Dialect, record: RecordBytes, { names, secrets }: RecordMasks): RecordBytes => {
  const copy = { ...record, bytes: Uint8Array.from(record.bytes) };
  const unseen = unseenPart(dialect, record);
  for (const { bytes, start } of stretches(copy)) {
    if (unseen) starOut(bytes.subarray(Math.max(0, unseen.from - start), Math.max(0, unseen.to - start)));
    putMasks(bytes, start, names);
    putMasks(bytes, start, secrets);
  }
  return copy;
};
