import { apart, type Mask } from "./dialect.ts";
import { isSecretResponse, secretOfCommand } from "./opensc-debug-apdu.ts";
import type { DebugLine } from "./opensc-debug-record.ts";

type Row = Extract<DebugLine, { kind: "row" }>;

/** A command or answer of a record. */
export interface Dump {
  isCommand: boolean;
  /** Length that the log states. */
  count: number;
  rows: Row[];
  bytes: number[];
}

/** Bytes of a command that are decoded; the longest has 65,544. */
const maxBytes = 66_000;

/** The commands and answers in a record's lines. */
export const dumpsOf = (lines: readonly DebugLine[]): Dump[] => {
  const dumps: Dump[] = [];
  for (const line of lines) {
    if (line.kind === "dump") dumps.push({ isCommand: line.isCommand, count: line.count, rows: [], bytes: [] });
    const dump = dumps[dumps.length - 1];
    if (line.kind !== "row" || !dump) continue;
    dump.rows.push(line);
    if (dump.bytes.length < maxBytes) dump.bytes.push(...line.bytes);
  }
  return dumps;
};

/** A PIN as text or bytes: C_InitPIN() called, pin '1234'; "PIN: 31:32:33:34". */
const pinText = /\b(?:pin|puk|password|passphrase)\b(?: (?:value|code))?\s*[:=]?\s*(?:'([^'\n]+)'|"([^"\n]+)")/gi;
const pinBytes = /\b(?:pin|puk)\b(?: (?:value|code))?\s*[:=]\s*((?:[0-9a-f]{2}[ :]){3,}[0-9a-f]{2})\b/gi;
/** What opensc-tool and opensc-explorer show of commands sent by hand. */
const sending = /^(?:Sending|APDU): ((?:[0-9A-Fa-f]{2}[ :]?){6,})/;

/** Where a record shows PINs and the like. */
export const secretsOf = (lines: readonly DebugLine[]): Mask[] => {
  const masks: Mask[] = [];
  let answerIsSecret = false;
  for (const dump of dumpsOf(lines)) {
    if (dump.isCommand) {
      const secret = secretOfCommand(dump.bytes);
      answerIsSecret = isSecretResponse(dump.bytes);
      if (secret) masks.push(...rowMasks(dump.rows, secret.from, dump.bytes.length, secret.what));
    } else if (answerIsSecret) masks.push(...rowMasks(dump.rows, 0, dump.bytes.length - 2, "data"));
  }
  masks.push(...strayMasks(lines));
  for (const line of lines) {
    if (line.kind === "message") masks.push(...textMasks(line.body, line.to - line.body.length));
    else if (line.kind === "text" && line.text !== "") masks.push(...textMasks(line.text, line.from));
  }
  return apart(masks);
};

/** Masks bytes `from` to `to` of a dump, their letters too. Blanks stay, so that the copy is read alike. */
export const rowMasks = (rows: readonly Row[], from: number, to: number, what: string): Mask[] => {
  const masks: Mask[] = [];
  let start = 0;
  for (const row of rows) {
    const { length } = row.bytes;
    const first = Math.max(0, from - start);
    const last = Math.min(length, to - start);
    start += length;
    if (first >= last) continue;
    masks.push({ from: row.from + first * 3, to: row.from + last * 3, what, fill: "** " });
    const letters = row.from + length * 3 + row.pad.length;
    const end = Math.min(letters + last, row.to);
    if (letters + first < end) masks.push({ from: letters + first, to: end, what });
  }
  return masks;
};

/** Lines in a command's dump that are no rows (another thread broke them) may hold anything: their hex digits go. */
const strayMasks = (lines: readonly DebugLine[]): Mask[] => {
  const masks: Mask[] = [];
  let left = 0;
  for (const line of lines) {
    if (line.kind === "dump") left = line.isCommand ? line.count : 0;
    else if (line.kind === "row") left -= line.bytes.length;
    else if (line.kind === "message") left = 0;
    else if (left > 0 && /[0-9A-F*]{2} [0-9A-F*]/.test(line.text))
      masks.push({
        from: line.from,
        to: line.to,
        what: "APDU with PIN",
        fill: line.text.replace(/[^ ]/g, "*") || "*",
      });
  }
  return masks;
};

const textMasks = (text: string, from: number): Mask[] => {
  const masks: Mask[] = [];
  const sent = sending.exec(text);
  if (sent?.[1]) {
    const digits = sent[1].replace(/[ :]/g, "");
    const secret = secretOfCommand(Buffer.from(digits.slice(0, digits.length & ~1), "hex"));
    const step = /^[0-9A-Fa-f]{2}[ :]/.test(sent[1]) ? 3 : 2;
    const at = sent[0].length - sent[1].length + (secret?.from ?? 0) * step;
    if (secret && at < text.length)
      masks.push({ from: from + at, to: from + text.length, what: secret.what, fill: starred(text.slice(at)) });
  }
  for (const pattern of [pinText, pinBytes])
    for (const found of text.matchAll(pattern)) {
      const secret = found[1] ?? found[2] ?? "";
      const at = found.index + found[0].lastIndexOf(secret);
      masks.push({ from: from + at, to: from + at + secret.length, what: "PIN", fill: starred(secret) });
    }
  return masks;
};

const starred = (text: string): string => text.replace(/[^ :]/g, "*");
