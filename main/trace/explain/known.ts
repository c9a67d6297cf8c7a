import type { TraceCall, TraceField } from "../../../preload/contract/trace.ts";
import { attributesOf, fieldOf, handlesOf, hasValue, numberOf, sessionOf, slotOf } from "../view/fields.ts";
import { flagsOf } from "../view/flags.ts";
import { lastOf, type Past, succeeded } from "./past.ts";

/** What the trace has shown of sessions, tokens, logins and objects before a call. */

export const opened = (session: string | null, past: Past): TraceCall | null =>
  session === null ? null : lastOf(past, ["C_OpenSession"], (call) => succeeded(call) && sessionOf(call) === session);

/** Slot of the call, by its argument or through the C_OpenSession of its session. */
export const slotKnown = (call: TraceCall, past: Past): string | null => {
  const own = slotOf(call);
  if (own !== null) return own;
  const by = opened(sessionOf(call), past);
  return by === null ? null : slotOf(by);
};

export interface TokenKnown {
  row: number;
  flags: string[];
  minPin: number | null;
  maxPin: number | null;
}

/** The last C_GetTokenInfo of the slot (of any, if the slot is not known). */
export const tokenKnown = (slot: string | null, past: Past): TokenKnown | null => {
  const info = lastOf(
    past,
    ["C_GetTokenInfo"],
    (call) => succeeded(call) && (slot === null || slotOf(call) === null || slotOf(call) === slot),
    20,
  );
  if (info === null) return null;
  return {
    row: info.row,
    flags: flagsOf(fieldOf(info, "flags", "out"), "token"),
    minPin: numberOf(fieldOf(info, "ulMinPinLen", "out")),
    maxPin: numberOf(fieldOf(info, "ulMaxPinLen", "out")),
  };
};

export type User = "user" | "SO" | "context-specific" | "other";

/** Who logs in by the call; C_InitToken and C_InitPIN are of the SO. */
export const userOf = (call: TraceCall): User | null => {
  const field = fieldOf(call, "userType");
  if (field === undefined) return call.name === "C_InitToken" || call.name === "C_InitPIN" ? "SO" : null;
  if (/CKU_USER|^(0x)?0*1\b/.test(field.text)) return "user";
  if (/CKU_SO|^(0x)?0+\b/.test(field.text)) return "SO";
  return /CKU_CONTEXT_SPECIFIC|^(0x)?0*2\b/.test(field.text) ? "context-specific" : "other";
};

export const loginCalls = ["C_Login", "C_LoginUser"];
/** Calls that end the login of their process. */
export const loginEnders = ["C_Logout", "C_CloseAllSessions", "C_Finalize", "C_InitToken"];

export interface LoginKnown {
  /** The login that counted last. */
  login: TraceCall | null;
  /** What ended it, if it was ended. */
  endedBy: TraceCall | null;
}

/** The process's last login that succeeded, and what ended it. Context-specific logins count for one use only. */
export const loginKnown = (past: Past): LoginKnown => {
  let endedBy: TraceCall | null = null;
  for (const call of past.back([...loginCalls, ...loginEnders])) {
    if (!succeeded(call) || userOf(call) === "context-specific") continue;
    if (loginCalls.includes(call.name)) return { login: call, endedBy };
    endedBy = call;
  }
  return { login: null, endedBy };
};

/** Rows before in which an attribute of an object was seen with a value: read, or given when it was made. */
export const attributeKnown = (object: string, name: string, past: Past): { field: TraceField; row: number } | null => {
  const read = ["C_GetAttributeValue", "C_SetAttributeValue"];
  for (const call of past.back([...read, "C_CreateObject", "C_GenerateKey", "C_GenerateKeyPair", "C_UnwrapKey"], 400)) {
    const direction = call.name === "C_GetAttributeValue" ? "out" : "in";
    const involved = handlesOf(call, read.includes(call.name) ? "in" : "out");
    if (!involved.includes(object)) continue;
    const field = attributesOf(call, direction).get(name);
    if (field !== undefined && hasValue(field)) return { field, row: call.row };
  }
  return null;
};

/** Functions that use a private or secret key, which may want the PIN again for each use. */
export const keyUse = /^C_(Sign|Decrypt|Unwrap|Derive|Decapsulate|MessageSign|MessageDecrypt)/;

/** The key of an operation: of its own arguments, or of the Init call of its session. */
export const keyKnown = (call: TraceCall, past: Past): string | null => {
  const own = fieldOf(call, "hKey", "in") ?? fieldOf(call, "hBaseKey", "in") ?? fieldOf(call, "hUnwrappingKey", "in");
  if (own !== undefined) return own.handle ?? `0x${(numberOf(own) ?? 0).toString(16)}`;
  const init = initOf(call, past);
  return init === null ? null : keyKnown(init, { back: () => [] });
};

/** Name of the Init function that an operation's call needs: "C_SignInit" of "C_SignUpdate". */
export const initName = (name: string): string | null => {
  if (/^C_FindObjects(Final)?$/.test(name)) return "C_FindObjectsInit";
  const message = /^C_(Encrypt|Decrypt|Sign|Verify)Message(Begin|Next)?$/.exec(name);
  if (message !== null) return `C_Message${message[1]}Init`;
  const messageFinal = /^C_Message(Encrypt|Decrypt|Sign|Verify)Final$/.exec(name);
  if (messageFinal !== null) return `C_Message${messageFinal[1]}Init`;
  if (name === "C_DigestKey") return "C_DigestInit";
  const plain =
    /^C_(VerifySignature|SignRecover|VerifyRecover|Encrypt|Decrypt|Digest|Sign|Verify)(Update|Final)?$/.exec(name);
  return plain === null ? null : `C_${plain[1]}Init`;
};

/** The Init call, successful or not, that came last in the call's session. */
export const initOf = (call: TraceCall, past: Past): TraceCall | null => {
  const init = initName(call.name);
  const session = sessionOf(call);
  return init === null ? null : lastOf(past, [init], (earlier) => sessionOf(earlier) === session);
};

/** "row 12" as people see it in the list. */
export const rowText = (call: Pick<TraceCall, "row">): string => `row ${call.row}`;
