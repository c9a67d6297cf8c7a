import type { AttributeInfo, NumberSense } from "../pkcs11/attributes.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { derAt, derWhole, oidText } from "../pkcs11/der.ts";
import { ulongSize, ulongValue } from "../pkcs11/handles.ts";
import { mechanismName } from "../pkcs11/names-tokens-mechanisms.ts";
import {
  certificateCategoryName,
  certificateTypeName,
  hardwareFeatureName,
  keyTypeName,
  objectClassName,
  parameterSetName,
  profileName,
  trustName,
} from "../pkcs11/object-names.ts";
import { showText } from "../pkcs11/text.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { bitLength, curveOfParameters } from "./curve-names.ts";
import { nameText } from "./distinguished-name.ts";
import { ecPoint } from "./ec-point.ts";

/** What else is known of the object whose attribute is shown. */
export interface AttributeContext {
  /** CKO_ number. */
  objectClass: number | null;
  /** CKK_ name without prefix. */
  keyType: string | null;
  /** CKA_EC_PARAMS, for the point on the curve. */
  ecParams: Buffer | null;
}

/** The value of an attribute in words. Total: bytes that are not what the attribute promises are named as such. */
export const attributeText = (info: AttributeInfo, value: Buffer, context: AttributeContext): string => {
  switch (info.kind) {
    case "boolean":
      return value.length === 1 ? (value[0] ? "yes" : "no") : `not a boolean (${bytesText(value)})`;
    case "number":
      return numberText(value, info.sense, context);
    case "text":
      return value.length === 0 ? "empty" : showText(value).text;
    case "date":
      return dateText(value);
    case "integer":
      return integerText(info.number === CKA.SERIAL_NUMBER ? (derInteger(value) ?? value) : value);
    case "oid":
      return oidWords(info.number, value);
    case "list":
      return listText(value, info.sense);
    case "name":
      return value.length === 0 ? "empty" : (nameText(value) ?? `not a name (${bytesText(value)})`);
    case "secret":
      return "not shown";
    case "bytes":
      return bytesWords(info, value, context);
  }
};

const bytesText = (value: Buffer): string => `${value.length} ${value.length === 1 ? "byte" : "bytes"}`;

const numberNames: Record<Exclude<NumberSense, "bits" | "bytes" | "parameterSet">, (number: number) => string> = {
  class: objectClassName,
  keyType: (number) => {
    const name = keyTypeName(number);
    return name.startsWith("0x") ? `CKK ${name}` : `CKK_${name}`;
  },
  certificateType: certificateTypeName,
  certificateCategory: certificateCategoryName,
  mechanism: mechanismName,
  hardware: hardwareFeatureName,
  profile: profileName,
  trust: trustName,
};

const numberText = (value: Buffer, sense: NumberSense | undefined, { keyType }: AttributeContext): string => {
  const number = ulongValue(value);
  if (number === null) return value.length === 0 ? "empty" : `not a number (${bytesText(value)})`;
  // CK_UNAVAILABLE_INFORMATION
  if (value.every((byte) => byte === 0xff)) return "not available";
  switch (sense) {
    case undefined:
      return number < 10 ? String(number) : `${number} (0x${number.toString(16)})`;
    case "bits":
      return `${number} bits`;
    case "bytes":
      return `${number} bytes (${number * 8} bits)`;
    case "parameterSet":
      return parameterSetName(keyType ?? "", number) ?? String(number);
    default:
      return numberNames[sense](number);
  }
};

/** CK_DATE (PKCS#11 2.40, 3.3): YYYYMMDD in ASCII, or nothing. */
const dateText = (value: Buffer): string => {
  const text = value.toString("latin1");
  if (/^\0*$/.test(text) || text === "00000000") return "not set";
  return /^\d{8}$/.test(text)
    ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
    : `not a date (${showText(value).text})`;
};

const derInteger = (value: Buffer): Buffer | null => {
  const whole = derWhole(value);
  return whole?.tag === 0x02 ? value.subarray(whole.content, whole.end) : null;
};

const integerText = (value: Buffer): string => {
  if (value.length === 0) return "empty";
  const bits = bitLength(value);
  const hex = value.toString("hex").replace(/^(00)+(?=.)/, "");
  return bits <= 53 ? `${BigInt(`0x${hex}`)} (0x${hex})` : `${bits} bits, ${hex}`;
};

const oidWords = (number: number, value: Buffer): string => {
  if (value.length === 0) return "empty";
  const whole = derWhole(value);
  const oid = whole?.tag === 0x06 ? oidText(value, whole.content, whole.end) : null;
  if (number !== CKA.EC_PARAMS) return oid ?? `not an object identifier (${bytesText(value)})`;
  const curve = curveOfParameters(value);
  if (!curve) return `not curve parameters (${bytesText(value)})`;
  return oid === null || oid === curve.name ? curve.name : `${curve.name} (${oid})`;
};

/** An array of CK_ULONG. */
const listText = (value: Buffer, sense: NumberSense | undefined): string => {
  if (value.length === 0) return "empty list";
  if (value.length % ulongSize !== 0) return `not a list of numbers (${bytesText(value)})`;
  const name = sense === "mechanism" ? mechanismName : String;
  const names: string[] = [];
  for (let at = 0; at < value.length; at += ulongSize) {
    const number = ulongValue(value.subarray(at, at + ulongSize));
    names.push(number === null ? "?" : name(number));
  }
  return names.join(", ");
};

const bytesWords = (info: AttributeInfo, value: Buffer, { objectClass, ecParams }: AttributeContext): string => {
  if (value.length === 0) return "empty";
  if (info.number === CKA.EC_POINT) return ecPoint(ecParams, value)?.words ?? `not a point (${bytesText(value)})`;
  if (info.number === CKA.VALUE && objectClass === 1) return certificateWords(value);
  if (info.number === CKA.VALUE && objectClass === 0) {
    const { text, exact } = showText(value.subarray(0, 200));
    return exact ? `${bytesText(value)}: ${text}${value.length > 200 ? " ..." : ""}` : bytesText(value);
  }
  if (info.number === CKA.PUBLIC_KEY_INFO) return publicKeyInfoWords(value);
  return value.length <= 32 ? value.toString("hex") : bytesText(value);
};

const certificateWords = (value: Buffer): string => {
  const facts = certificateFacts(value);
  return facts
    ? `${bytesText(value)}: certificate of ${facts.subject || "an empty name"}`
    : `${bytesText(value)}, not a certificate`;
};

const publicKeyInfoWords = (value: Buffer): string => {
  try {
    const whole = derAt(value, 0, value.length);
    const algorithm = derAt(value, whole.content, whole.end);
    const type = derAt(value, algorithm.content, algorithm.end);
    return `${bytesText(value)}, algorithm ${oidText(value, type.content, type.end)}`;
  } catch {
    return `${bytesText(value)}, not a SubjectPublicKeyInfo`;
  }
};

/**
 * What is wrong with bytes that are to become an attribute's value, before the token is asked.
 * @returns null if nothing is known to be wrong
 */
export const valueFault = (info: AttributeInfo, value: Buffer): string | null => {
  switch (info.kind) {
    case "boolean":
      return value.length === 1 && (value[0] ?? 2) < 2 ? null : "is a boolean: one byte, 00 or 01";
    case "number":
      return value.length === ulongSize ? null : `is a CK_ULONG: ${ulongSize} bytes in native order`;
    case "date":
      return /^\d{8}$/.test(value.toString("latin1")) ? null : "is a CK_DATE: eight digits YYYYMMDD in ASCII";
    case "name":
      return value.length === 0 || nameText(value) !== null ? null : "is a DER-encoded Name";
    case "oid":
      return value.length === 0 || derWhole(value) ? null : "is DER-encoded";
    case "text":
      return showText(value).exact || value.length === 0 ? null : "is UTF-8 text without control characters";
    default:
      return null;
  }
};
