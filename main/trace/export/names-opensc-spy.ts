import type { Mask, RecordBytes } from "../dialects/dialect.ts";
import { readRecord } from "../dialects/opensc-spy-record.ts";
import { type SpyLine, writeLine } from "../dialects/opensc-spy-tokens.ts";
import { identifyingAttribute, identifyingMember, isSlot, isTextAttribute, pathPattern } from "./identifying.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

type Rows = Extract<SpyLine, { kind: "row" | "words" | "letters" }>[];

/** Stand-ins for the names in a record of pkcs11-spy, each over the place of the name. */
export const spyNames = (record: RecordBytes, pseudonyms: Pseudonyms): Mask[] => {
  const masks: Mask[] = [];
  const put = (from: number, text: string, what: string) => {
    if (text !== "") masks.push({ from, to: from + text.length, what, fill: text });
  };
  let attribute = "";
  let key = "";
  let rows: Rows = [];
  const flush = () => {
    const what = identifyingAttribute(attribute);
    if (what) masks.push(...rowStandIns(rows, what, isTextAttribute(attribute), pseudonyms));
    rows = [];
  };
  for (const line of readRecord(record).lines) {
    if (line.kind === "row" || line.kind === "words" || line.kind === "letters") {
      rows.push(line);
      continue;
    }
    flush();
    attribute = line.kind === "attribute" ? line.name : "";
    if (line.kind === "buffer" && /^pLabel\b/.test(line.name)) attribute = "CKA_LABEL";
    const whole = writeLine({ ...line, end: "" });
    const slot =
      line.kind === "number" && isSlot(line.name)
        ? /0x\w+$/.exec(whole)?.[0]
        : line.kind === "entry" && isSlot(line.key)
          ? line.value
          : /^ *Slot (\d+)$/.exec(whole)?.[1];
    if (slot !== undefined) {
      put(line.to - slot.length, pseudonyms.slotText(slot), "slot ID");
      continue;
    }
    if (line.kind === "quoted") {
      // A text of 64 letters goes on in a line without a key.
      key = line.key === "" ? key : line.key;
      const what = identifyingMember(key);
      const at = whole.length - line.value.length - 1;
      if (what) put(line.from + at, pseudonyms.text(line.value), what);
      continue;
    }
    if (line.kind === "entry") {
      const what = identifyingMember(line.key);
      if (what) put(line.to - line.value.length, pseudonyms.text(line.value), what);
      continue;
    }
    if (line.kind !== "text" && line.kind !== "value" && line.kind !== "block" && line.kind !== "attribute") continue;
    const name = /^ *DN: /.exec(whole)?.[0];
    if (name !== undefined)
      put(line.from + name.length, pseudonyms.text(whole.slice(name.length)), "distinguished name");
    else {
      const loaded = /^(Loaded: |Unable to load |Error: [^"]*)"([\s\S]*)"/.exec(whole);
      if (loaded?.[2] !== undefined) put(line.from + (loaded[1]?.length ?? 0) + 1, pseudonyms.path(loaded[2]), "path");
      else
        for (const { 0: path, index } of whole.matchAll(pathPattern))
          put(line.from + index, pseudonyms.path(path), "path");
    }
  }
  flush();
  return masks;
};

/** The rows of one value, written again with other bytes. */
const rowStandIns = (rows: Rows, what: string, isText: boolean, pseudonyms: Pseudonyms): Mask[] => {
  const bytes = Uint8Array.from(rows.flatMap((row) => (row.kind === "letters" ? [] : row.bytes)));
  if (bytes.length === 0) return [];
  const isMasked = rows.some((row) => row.kind === "row" && row.masked);
  if (isMasked) return [];
  const other = pseudonyms.value(bytes, isText);
  let at = 0;
  return rows.map((row) => {
    const place = { from: row.from, to: row.to, what };
    if (row.kind === "letters") return { ...place, fill: `${row.indent}${row.text.replace(/[^ ]/g, ".")}` };
    const mine = [...other.subarray(at, at + row.bytes.length)];
    at += row.bytes.length;
    return { ...place, fill: writeLine({ ...row, bytes: mine, end: "" }) };
  });
};
