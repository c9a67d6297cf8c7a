import { returnValueName } from "../../pkcs11/return-values.ts";
import type { DebugPrefix } from "./opensc-debug-prefix.ts";

/** What a message of a PKCS#11 function tells of its call. */
export interface CallNews {
  /** The message has the function's arguments. */
  isAnnounced: boolean;
  /** Name of the return code; "": the message has none. */
  rv: string;
  isEnd: boolean;
  /** Session handle; 0: none. */
  session: number;
}

/** What a message is. */
export interface DebugBody {
  kind: "called" | "returning" | "command" | "answer" | "text";
  /** Bytes of a command or answer. */
  length: number;
  /** An OpenSC return code as text, "" if there is none. */
  code: string;
  call: CallNews | null;
}

const text: DebugBody = { kind: "text", length: 0, code: "", call: null };

/** Heads of dumps: 0.16 and later, and before (log.c, sc_apdu_log). */
export const dumpHead = /^(Outgoing|Incoming) APDU (?:\((\d{1,9}) bytes?\):|data \[ *(\d{1,9}) bytes?\] =+)\s*$/;

/** Reads what stands behind a prefix. @param next beginning of the line that follows. */
export const readBody = (bytes: Buffer, prefix: DebugPrefix, end: number, next: number): DebugBody => {
  const from = prefix.bodyFrom;
  const first = bytes[from] ?? 0;
  if (first <= 0x20 || from >= end) {
    const head = dumpHead.exec(bytes.toString("latin1", next, next + 100).split("\n", 1)[0] ?? "");
    if (!head) return text;
    const kind = head[1] === "Outgoing" ? "command" : "answer";
    return { kind, length: Number(head[2] ?? head[3]), code: "", call: null };
  }
  const isFunction =
    bytes[prefix.functionFrom] === 0x43 && bytes[prefix.functionFrom + 1] === 0x5f && isPkcs11File(bytes, prefix);
  if (isFunction) {
    const name = bytes.toString("latin1", prefix.functionFrom, prefix.functionTo);
    const body = bytes.toString("latin1", from, end);
    // C_GetSlotList, when its result has been told already.
    return body.startsWith("VSS Returning") ? text : { ...text, call: callNews(name, body) };
  }
  // "called", and "called; type=2, path=3f00".
  if (first === 0x63 && /^called\s*(;|$)/.test(bytes.toString("latin1", from, Math.min(end, from + 16))))
    return { ...text, kind: "called" };
  if (first === 0x72 && bytes[from + 9] === 0x20) {
    const code = /^returning with: (-?\d{1,10})/.exec(bytes.toString("latin1", from, Math.min(end, from + 40)))?.[1];
    if (code !== undefined) return { ...text, kind: "returning", code };
  }
  // "...: -1201 (File not found)"
  const close = bytes[end - 1] === 0x0d ? end - 2 : end - 1;
  if (bytes[close] !== 0x29) return text;
  const code = /: (-1\d{3}) \([^()]*\)\s*$/.exec(bytes.toString("latin1", Math.max(from, end - 200), end))?.[1];
  return code === undefined ? text : { ...text, code };
};

/** Where PKCS#11 functions are written: pkcs11-session.c and others; C_GetTokenInfo in framework-pkcs15.c. */
const isPkcs11File = (bytes: Buffer, { fileFrom, fileTo }: DebugPrefix): boolean => {
  const slash = Math.max(bytes.lastIndexOf(0x2f, fileTo - 1), bytes.lastIndexOf(0x5c, fileTo - 1));
  const from = Math.max(fileFrom, slash + 1);
  return /^(pkcs11|framework)-/.test(bytes.toString("latin1", from, Math.min(fileTo, from + 10)));
};

/** Messages that tell the result without naming it, by function (pkcs11-global.c, pkcs11-object.c). */
const untold: ReadonlyMap<string, readonly [RegExp, string][]> = new Map([
  [
    "C_GetSlotList",
    [
      [/^(returned \d+ slots|was only a size inquiry)/, "CKR_OK"],
      [/^buffer was too small/, "CKR_BUFFER_TOO_SMALL"],
    ],
  ],
  ["C_FindObjectsInit", [[/^\d+ matching objects/, "CKR_OK"]]],
]);

/** @param name the function @param body its message */
const callNews = (name: string, body: string): CallNews => {
  // "C_Login() userType 1" tells how a call goes on; "C_Login(0x5, 1)", "C_Finalize()" and "C_Sign() = CKR_OK" tell of one.
  const isAnnounced = body.startsWith(`${name}(`) && !/^\w+\(\)(:| (?!=|returns\b))/.test(body);
  const session = Number(/\((?:hSession ?[=:] ?)?(0x[0-9a-f]{1,13})\b/i.exec(body.slice(0, 120))?.[1] ?? "0");
  const ofSession = isAnnounced && !/^C_(OpenSession|CloseAllSessions|Get\w+Info|InitToken)$/.test(name);
  const isSession = ofSession || name === "C_GetSessionInfo";
  const ended = isAnnounced ? /\) ?(?:=|returns) ?(CKR_\w+|0x[0-9A-F]{1,16})\s*$/i.exec(body)?.[1] : undefined;
  const opened = /^C_OpenSession handle: (0x[0-9a-f]{1,13})/.exec(body)?.[1];
  const news: CallNews = {
    isAnnounced,
    rv: ended === undefined ? "" : ended.startsWith("CKR_") ? ended : returnValueName(Number(ended)),
    isEnd: ended !== undefined,
    session: opened === undefined ? (isSession && isAnnounced ? session : 0) : Number(opened),
  };
  const rv = untold.get(name)?.find(([pattern]) => pattern.test(body))?.[1];
  if (rv !== undefined) return { ...news, rv, isEnd: true };
  // C_Login tells what the card's login came to, in decimal.
  const login = /^fLogin\(\) rv (\d{1,10})\s*$/.exec(body)?.[1];
  if (login !== undefined) return { ...news, rv: returnValueName(Number(login)) };
  return news;
};

const hexDigit = (byte: number): number =>
  byte >= 0x30 && byte <= 0x39
    ? byte - 0x30
    : byte >= 0x41 && byte <= 0x46
      ? byte - 0x37
      : byte >= 0x61 && byte <= 0x66
        ? byte - 0x57
        : // A masked copy is read too.
          byte === 0x2a
          ? 0
          : -1;

/** Bytes of a row of a dump: "00 A4 00 00 02 3F 00 00 .....?..". @param left bytes still to come @returns null: it is none. */
export const readRow = (bytes: Uint8Array, at: number, end: number, left: number): number[] | null => {
  const count = Math.min(16, left);
  if (end - at < count * 3) return null;
  const row: number[] = [];
  for (let i = at; i < at + count * 3; i += 3) {
    const high = hexDigit(bytes[i] ?? 0);
    const low = hexDigit(bytes[i + 1] ?? 0);
    if (high < 0 || low < 0 || bytes[i + 2] !== 0x20) return null;
    row.push(high * 16 + low);
  }
  return row;
};
