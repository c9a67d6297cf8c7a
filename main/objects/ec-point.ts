import { derWhole } from "../pkcs11/der.ts";
import { curveOfParameters } from "./curve-names.ts";

export interface EcPoint {
  /** The point itself: 04 x y, 02/03 x, or the bare bytes of Edwards and Montgomery curves. */
  point: Buffer;
  /** "uncompressed point, 65 bytes in an OCTET STRING" */
  words: string;
}

const wrappers: Record<number, string> = { 4: " in an OCTET STRING", 3: " in a BIT STRING" };

/**
 * The point in CKA_EC_POINT. Modules disagree about what is around it: a DER OCTET STRING (PKCS#11 2.40), nothing (3.1
 * for Edwards and Montgomery curves, and some modules for all), or a BIT STRING. Both a bare point and an OCTET STRING
 * start with 04, so the length that the curve asks for decides (openssl-projects/pkcs11-provider#478, #766,
 * OpenSC/OpenSC#1285).
 * @param params CKA_EC_PARAMS, or null if it is not readable
 * @returns null if the bytes are no point of the curve, or of none where the curve is not known
 */
export const ecPoint = (params: Buffer | null, value: Buffer): EcPoint | null => {
  const curve = params ? curveOfParameters(params) : null;
  const field = curve?.bits ? Math.ceil(curve.bits / 8) : null;
  const bare = /^(Ed|X)\d+$/.test(curve?.name ?? "");
  const fits = (point: Buffer): boolean => {
    if (bare) return point.length === (curve?.name === "Ed448" ? 57 : field);
    if (point[0] === 4)
      return field === null ? point.length % 2 === 1 && point.length > 2 : point.length === 1 + 2 * field;
    return (point[0] === 2 || point[0] === 3) && (field === null || point.length === 1 + field);
  };
  for (const { point, around } of unwrapped(value))
    if (fits(point)) {
      const form = bare ? "public value" : point[0] === 4 ? "uncompressed point" : "compressed point";
      return { point, words: `${form}, ${point.length} bytes${around}` };
    }
  return null;
};

/** The readings that are possible, the wrapped ones first: a point that is also a whole OCTET STRING is no accident. */
const unwrapped = (value: Buffer): { point: Buffer; around: string }[] => {
  const whole = derWhole(value);
  const around = whole ? wrappers[whole.tag] : undefined;
  const bare = { point: value, around: "" };
  if (!whole || around === undefined) return [bare];
  const content = value.subarray(whole.content + (whole.tag === 3 ? 1 : 0), whole.end);
  return [{ point: content, around }, bare];
};
