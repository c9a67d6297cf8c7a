import type { TraceField } from "../../../preload/contract/trace.ts";

type Value = Pick<TraceField, "kind" | "text" | "handle" | "hex" | "length">;

/** Attributes that are numbers, which the spy shows as the bytes of a CK_ULONG (8, on Windows 4), lowest first. */
const ulongs =
  /^CKA_(\w*_BITS|VALUE_LEN|CERTIFICATE_CATEGORY|JAVA_MIDP_SECURITY_DOMAIN|OTP_(LENGTH|FORMAT|TIME_INTERVAL|\w+_REQUIREMENT)|HW_FEATURE_TYPE|PIXEL_[XY]|CHAR_(ROWS|COLUMNS)|RESOLUTION|PROFILE_ID|PARAMETER_SET|KEY_GEN_MECHANISM|MECHANISM_TYPE|HSS_\w+)$/;
const dates = /^CKA_(START|END)_DATE$/;
const unavailable = (1n << 64n) - 1n;
const maxHex = 4096;

/** Parts of keys, which are masked wherever they stand. */
const secretAttributes =
  /^CKA_(PRIVATE_EXPONENT|PRIME_[12]|EXPONENT_[12]|COEFFICIENT|SEED|OTP_COUNTER|X2RATCHET_(RK|HKS|HKR|CKS|CKR|NHKS|NHKR|DHS|BAGSIZE|BAG))$/;
/** Buffers that hold PINs, or what a token protects: plain text, random numbers, states of operations. */
const pins = /^p(Pin|OldPin|NewPin|Username)$/;
const data = /^p?(Data|Part|LastPart|Plaintext|PlaintextPart|Seed|RandomData|OperationState|pContent)$/i;

/** @returns what of a buffer's or attribute's bytes must not be shown; null: they may. */
export const secretOf = (name: string, isCertificate: boolean): string | null => {
  if (name.startsWith("CKA_")) {
    if (name === "CKA_VALUE") return isCertificate ? null : "secret key, private key or data";
    return secretAttributes.test(name) ? "private key" : null;
  }
  if (name === "pReserved") return "configuration";
  return pins.test(name) ? "PIN" : data.test(name) ? "data" : null;
};

/** Names of arguments as in the standard: "*phSession" and "hKey" of results are phSession and phKey. */
export const argumentName = (written: string, isOut: boolean): string => {
  const name = (written.split("->").pop() ?? written).replace(/\[.*$/, "").replace(/^\*/, "");
  if (!isOut || written.includes("->")) return name;
  if (/^h(Key|PublicKey|PrivateKey)$/.test(name) || /^ul\w+Count$/.test(name) || name === "RandomData")
    return `p${name}`;
  return name;
};

/** A number by what its argument is for. */
export const numberValue = (name: string, value: bigint): Value => {
  const hex = `0x${value.toString(16)}`;
  if (/^(ph|h)Session$/.test(name)) return { kind: "session", text: hex, handle: hex };
  if (/^(ph|h)[A-Z]/.test(name)) return { kind: "handle", text: hex, handle: hex };
  if (name === "flags") return { kind: "flags", text: hex };
  if (name === "tokenPresent") return { kind: "name", text: value === 0n ? "CK_FALSE" : "CK_TRUE" };
  const text = value === unavailable || value === 0xffffffffn ? "unavailable" : `${value} (${hex})`;
  return { kind: /^(slotID|pSlot)$/.test(name) ? "slot" : "number", text };
};

/** Bytes of an attribute, decoded. */
export const attributeValue = (name: string, bytes: Uint8Array, isText: boolean): Omit<Value, "kind"> => {
  const hex = Buffer.from(bytes.subarray(0, maxHex)).toString("hex");
  const { length } = bytes;
  if (isText) return { text: Buffer.from(bytes).toString("utf8"), hex, length };
  if (ulongs.test(name) && (length === 8 || length === 4)) {
    const value = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return { text: numberValue("", value).text, hex, length };
  }
  if (dates.test(name) && length === 8) {
    const day = Buffer.from(bytes).toString("latin1");
    return { text: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`, hex, length };
  }
  return { text: shortHex(hex, length), hex, length };
};

/** Bytes of an argument. */
export const bytesValue = (bytes: Uint8Array, length: number): Value => {
  const hex = Buffer.from(bytes.subarray(0, maxHex)).toString("hex");
  return { kind: "bytes", text: `${shortHex(hex, length)} (${length} bytes)`, hex, length };
};

const shortHex = (hex: string, length: number): string =>
  hex.length > 128 ? `${hex.slice(0, 128)}... (${length} bytes)` : hex;

/** A value in words: names are padded with blanks, pointers stay as they are. */
export const wordValue = (value: string): Value => {
  const text = value.trim();
  if (/^(NULL|\(nil\)|\(null\)|0+|0x0+)$/.test(text)) return { kind: "null", text: "NULL" };
  if (/^CK[A-Z]*_\w+$/.test(text)) return { kind: "name", text };
  if (/^0x[0-9a-f]{5,}$|^[0-9A-F]{8}([0-9A-F]{8})?$/i.test(text)) return { kind: "pointer", text };
  return { kind: "text", text: Buffer.from(text, "latin1").toString("utf8") };
};

/** A value of an information structure. */
export const entryValue = (key: string, value: string): Value => {
  const text = value.trim();
  const named = /\(\s*(CK[A-Z]*_\w+)\s*\)/.exec(text)?.[1];
  if (named) return { kind: "name", text: named };
  if (key === "flags" && /^[0-9a-f]+$/i.test(text)) return { kind: "flags", text: `0x${text.toLowerCase()}` };
  if (/^-1$/.test(text)) return { kind: "number", text: "unavailable" };
  if (key === "slotID" && /^\d+$/.test(text)) return { kind: "slot", text: `${text} (0x${BigInt(text).toString(16)})` };
  if (/^\d{1,20}$/.test(text)) return { kind: "number", text: `${text} (0x${BigInt(text).toString(16)})` };
  return { kind: "text", text: Buffer.from(text, "latin1").toString("utf8") };
};
