import type { TraceField } from "../../../preload/contract/trace.ts";

const users: ReadonlyMap<string, string> = new Map([
  ["0", "CKU_SO"],
  ["1", "CKU_USER"],
  ["2", "CKU_CONTEXT_SPECIFIC"],
]);

/** Arguments that OpenSC's PKCS#11 functions write of their calls (pkcs11-*.c): "C_Login(0x5, 1)", "C_X(hSession=0x5)". */
export const callFields = (name: string, body: string): TraceField[] => {
  const opened = /^C_OpenSession handle: (0x[0-9a-f]+)/.exec(body)?.[1];
  if (opened !== undefined) return [field("phSession", opened, "session", "out")];
  const [, object, attribute, value] = /^Object (\d{1,20}): (CKA_\w+|0x[0-9A-F]+) = (.*)$/is.exec(body) ?? [];
  if (object !== undefined && attribute !== undefined)
    return [
      field("hObject", `0x${BigInt(object).toString(16)}`, "handle"),
      field(attribute, value?.trim() ?? "", "attribute", "out"),
    ];
  if (!body.startsWith(`${name}(`)) return [];
  const inside = body.slice(name.length + 1, body.lastIndexOf(")"));
  return inside
    .split(",")
    .slice(0, 20)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part, place) => argument(name, part, place));
};

const argument = (name: string, part: string, place: number): TraceField => {
  const named = /^(\w+) ?[=:] ?(.*)$/.exec(part);
  const key = named?.[1] ?? nameAt(name, place);
  const value = named?.[2] ?? part;
  if (key === "token" || key === "tokenPresent")
    return field("tokenPresent", value === "0" ? "CK_FALSE" : "CK_TRUE", "name");
  if (key === "userType") return field(key, users.get(value) ?? value, "name");
  if (key === "hSession") return field(key, value, "session");
  if (/^h[A-Z]/.test(key)) return field(key, value, "handle");
  if (key === "slot" || key === "slotID") return field("slotID", slotText(value), "slot");
  return field(key, value, /^(0x[0-9a-f]+|\d+)$/i.test(value) ? "number" : "text");
};

/** "0x1" and, where it is written without a sign of its base, "1" in hexadecimal. */
const slotText = (value: string): string => (/^[0-9a-f]+$/i.test(value) ? `0x${value.toLowerCase()}` : value);

const nameAt = (name: string, place: number): string => {
  if (/^C_(GetSlotInfo|GetTokenInfo|OpenSession|CloseAllSessions|GetMechanismList|InitToken)$/.test(name))
    return place === 0 ? "slotID" : "";
  if (place === 0) return "hSession";
  return name === "C_Login" && place === 1 ? "userType" : "";
};

const field = (
  name: string,
  text: string,
  kind: TraceField["kind"],
  direction: TraceField["direction"] = "in",
): TraceField => ({
  name,
  direction,
  kind,
  text,
  ...((kind === "handle" || kind === "session") && /^0x[0-9a-f]+$/i.test(text) ? { handle: text.toLowerCase() } : {}),
});
