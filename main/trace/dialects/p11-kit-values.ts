import type { TraceField } from "../../../preload/contract/trace.ts";
import { secretOf } from "./opensc-spy-values.ts";

type Value = Omit<TraceField, "name" | "direction" | "at">;

/** Arguments whose bytes must not be shown; p11-kit names some of its own way. */
const ownSecrets = /^(pin|old_pin|new_pin|seed|random_data|data|part)$/i;

/** @returns what of an argument's or attribute's bytes must not be shown; null: they may. */
export const secretName = (name: string, isCertificate: boolean): string | null => {
  if (/pin$/i.test(name)) return "PIN";
  return ownSecrets.test(name) ? "data" : secretOf(name, isCertificate);
};

const hexHandle = (digits: string): string => `0x${BigInt(digits.slice(0, 20)).toString(16)}`;

/** Bytes written as text with \\n, \\t, \\xHH. */
const unescaped = (text: string): Buffer =>
  Buffer.from(
    text.replace(/\\(?:x([0-9A-Fa-f]{2})|(.))/g, (_, hex: string | undefined, letter: string) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : ({ n: "\n", t: "\t", r: "\r" }[letter] ?? letter),
    ),
    "latin1",
  );

const maxHex = 4096;

/** `(5) "eckey"`: p11-kit cuts off what is longer than some 120 characters. */
const bytesValue = (name: string, length: number, text: string, isCertificate: boolean): Value => {
  const secret = secretName(name, isCertificate);
  const kind = secret === "PIN" ? "pin" : name.startsWith("CKA_") ? "attribute" : "bytes";
  if (secret !== null)
    return { kind, length, masked: true, text: `${secret === "PIN" ? "PIN of " : ""}${length} bytes: masked` };
  const isCut = text.endsWith("...") && text.length > 110;
  const bytes = unescaped(isCut ? text.slice(0, -3) : text);
  const hex = bytes.subarray(0, maxHex).toString("hex");
  const isText = /^CKA_(LABEL|APPLICATION|URL)$/.test(name);
  const isTruth = kind === "attribute" && length === 1 && (hex === "00" || hex === "01") && name !== "CKA_ID";
  const shown = isText ? bytes.toString("utf8") : isTruth ? (hex === "01" ? "CK_TRUE" : "CK_FALSE") : hex;
  return { kind, length, hex, text: `${shown}${isCut ? "..." : ""}${kind === "bytes" ? ` (${length} bytes)` : ""}` };
};

/** A value behind " = ". */
export const readValue = (name: string, written: string, isCertificate: boolean): Value => {
  const text = written.trimEnd();
  const counted = /^\((\d{1,20}|-1|\?)\) (.*)$/s.exec(text);
  if (counted) return countedValue(name, Number(counted[1]), counted[2] ?? "", isCertificate);
  if (text === "NULL") return { kind: "null", text: "NULL" };
  const pointed = /^0x[0-9A-F]+ = (.+)$/i.exec(text)?.[1];
  if (pointed) return readValue(name, pointed, isCertificate);
  const handle = /^(SL|S|H)(\d+)$/.exec(text);
  if (handle) {
    const hex = hexHandle(handle[2] ?? "0");
    if (handle[1] === "SL") return { kind: "slot", text: `${handle[2]} (${hex})` };
    return { kind: handle[1] === "S" ? "session" : "handle", text: hex, handle: hex };
  }
  const flags = /^([0-9A-F]+)(?: = (CKF_.*))?$/i.exec(text);
  if (flags && name === "flags")
    return { kind: "flags", text: `${flags[2] ?? ""} (0x${flags[1]?.toLowerCase()})`.trim() };
  if (/^CK[A-Z]*_\w+$/.test(text))
    return { kind: "name", text: text.replace("CK_UNAVAILABLE_INFORMATION", "unavailable") };
  if (/^\d{1,20}$/.test(text)) return { kind: "number", text: `${text} (${hexHandle(text)})` };
  if (/^0x[0-9A-F]+$/i.test(text)) return { kind: "pointer", text: text.toLowerCase() };
  return { kind: "text", text: Buffer.from(text.replace(/^"(.*)"$/s, "$1"), "latin1").toString("utf8") };
};

const countedValue = (name: string, count: number, rest: string, isCertificate: boolean): Value => {
  const length = Number.isNaN(count) ? 0 : count;
  const quoted = /^"(.*)"$/s.exec(rest)?.[1];
  if (quoted !== undefined) return bytesValue(name, length, quoted, isCertificate);
  const list = /^\[ ?(.*?) ?\]$/s.exec(rest)?.[1];
  if (list === undefined) {
    const isPin = secretName(name, false) === "PIN";
    return { kind: isPin ? "pin" : "null", text: isPin ? "entered at the PIN pad" : "NULL", length };
  }
  const items = splitList(list);
  const isTemplate = /template/i.test(name) || (items[0] ?? "").startsWith("{ CKA_");
  if (isTemplate)
    return {
      kind: "template",
      text: `${length} attribute${length === 1 ? "" : "s"}`,
      fields: items.map((item) => attribute(item, isCertificate || isCertificateList(list))),
    };
  const fields = items.map((item): TraceField => ({ name, direction: "out", ...readValue(name, item, false) }));
  const some = fields.slice(0, 3).map(({ text }) => text);
  return { kind: "list", text: `${length}${some.length > 0 ? `: ${some.join(", ")}` : ""}`, fields };
};

/** Whether a template is one of a certificate, whose value may be shown. */
export const isCertificateList = (text: string): boolean =>
  /CKA_CLASS = CKO_CERTIFICATE\b|CKA_CERTIFICATE_TYPE = CKC_/.test(text);

const attribute = (item: string, isCertificate: boolean): TraceField => {
  const [, name = item, value] = /^\{ (CKA_\w+) = (.*) \}$/s.exec(item) ?? [];
  if (value === undefined) return { name, direction: "in", kind: "attribute", text: "" };
  const read = readValue(name, value, isCertificate);
  return { name, direction: "in", ...read, kind: read.kind === "pin" ? "pin" : "attribute" };
};

const maxItems = 4096;

/** Splits at commas outside of quotes and braces. */
const splitList = (list: string): string[] => {
  const items: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let i = 0; i < list.length && items.length < maxItems; i++) {
    const letter = list[i];
    if (letter === "\\" && isQuoted) i++;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (letter === "{") depth++;
    else if (letter === "}") depth--;
    else if (letter === "," && depth <= 0) {
      items.push(list.slice(from, i).trim());
      from = i + 1;
    }
  }
  const last = list.slice(from).trim();
  return last === "" ? items : [...items, last];
};
