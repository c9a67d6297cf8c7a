import { curves } from "../keys/curves.ts";
import { derWhole, oidText } from "../pkcs11/der.ts";

/** A curve as it is shown. `bits` is the size of the field. */
export interface CurveName {
  name: string;
  bits: number | null;
}

/** Curves that are only read, never offered: other SEC 2, RFC 5639, ANSSI, SM2, GOST and RFC 8410 ones. */
const others: Record<string, CurveName> = {
  "1.3.132.0.6": { name: "secp112r1", bits: 112 },
  "1.3.132.0.28": { name: "secp128r1", bits: 128 },
  "1.3.132.0.9": { name: "secp160k1", bits: 160 },
  "1.3.132.0.8": { name: "secp160r1", bits: 160 },
  "1.3.132.0.31": { name: "secp192k1", bits: 192 },
  "1.3.132.0.32": { name: "secp224k1", bits: 224 },
  "1.2.840.10045.3.1.4": { name: "prime239v1", bits: 239 },
  "1.3.132.0.1": { name: "sect163k1", bits: 163 },
  "1.3.132.0.15": { name: "sect163r2", bits: 163 },
  "1.3.132.0.26": { name: "sect233k1", bits: 233 },
  "1.3.132.0.27": { name: "sect233r1", bits: 233 },
  "1.3.132.0.16": { name: "sect283k1", bits: 283 },
  "1.3.132.0.17": { name: "sect283r1", bits: 283 },
  "1.3.132.0.36": { name: "sect409k1", bits: 409 },
  "1.3.132.0.37": { name: "sect409r1", bits: 409 },
  "1.3.132.0.38": { name: "sect571k1", bits: 571 },
  "1.3.132.0.39": { name: "sect571r1", bits: 571 },
  "1.3.36.3.3.2.8.1.1.1": { name: "brainpoolP160r1", bits: 160 },
  "1.3.36.3.3.2.8.1.1.3": { name: "brainpoolP192r1", bits: 192 },
  "1.3.36.3.3.2.8.1.1.5": { name: "brainpoolP224r1", bits: 224 },
  "1.3.36.3.3.2.8.1.1.8": { name: "brainpoolP256t1", bits: 256 },
  "1.3.36.3.3.2.8.1.1.9": { name: "brainpoolP320r1", bits: 320 },
  "1.3.36.3.3.2.8.1.1.10": { name: "brainpoolP320t1", bits: 320 },
  "1.3.36.3.3.2.8.1.1.12": { name: "brainpoolP384t1", bits: 384 },
  "1.3.36.3.3.2.8.1.1.14": { name: "brainpoolP512t1", bits: 512 },
  "1.2.250.1.223.101.256.1": { name: "FRP256v1", bits: 256 },
  "1.2.156.10197.1.301": { name: "SM2", bits: 256 },
  "1.3.101.113": { name: "Ed448", bits: 448 },
  "1.3.101.111": { name: "X448", bits: 448 },
  // GnuPG's OIDs of before RFC 8410, which OpenSC and OpenPGP cards still give.
  "1.3.6.1.4.1.11591.15.1": { name: "Ed25519", bits: 256 },
  "1.3.6.1.4.1.3029.1.5.1": { name: "X25519", bits: 256 },
  "1.2.643.2.2.35.1": { name: "GOST A", bits: 256 },
  "1.2.643.7.1.2.1.1.1": { name: "GOST TC26 256-A", bits: 256 },
  "1.2.643.7.1.2.1.2.1": { name: "GOST TC26 512-A", bits: 512 },
};

/** Names of the curveName choice of CKA_EC_PARAMS (PKCS#11 3.0, 2.3.5 and 2.3.7; some modules name others this way). */
const printed: Record<string, string> = {
  edwards25519: "Ed25519",
  edwards448: "Ed448",
  curve25519: "X25519",
  curve448: "X448",
  secp256r1: "P-256",
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

const byOid = new Map<string, CurveName>([
  ...Object.entries(others),
  ...curves.map(({ oid, name, bits }) => [oid, { name, bits }] as const),
]);
const byName = new Map([...byOid.values()].map((curve) => [curve.name, curve]));

/** @returns the curve of an OID; for an unknown one its dotted form as the name. */
export const curveOfOid = (oid: string): CurveName => byOid.get(oid) ?? { name: oid, bits: null };

/**
 * The curve in CKA_EC_PARAMS: an OID, a printable name, implicitlyCA (NULL) or explicit parameters (X9.62, RFC 3279
 * 2.3.5). @returns null if the bytes are none of these
 */
export const curveOfParameters = (parameters: Buffer): CurveName | null => {
  const whole = derWhole(parameters);
  if (!whole) return null;
  const content = parameters.subarray(whole.content, whole.end);
  if (whole.tag === 0x06) {
    const oid = oidText(parameters, whole.content, whole.end);
    return oid === null ? null : curveOfOid(oid);
  }
  // PrintableString is what the standard asks for; UTF8String is seen too.
  if (whole.tag === 0x13 || whole.tag === 0x0c) {
    const name = content.toString("latin1");
    return byName.get(printed[name] ?? name) ?? { name, bits: null };
  }
  if (whole.tag === 0x05) return { name: "implicit", bits: null };
  return whole.tag === 0x30 ? { name: "explicit parameters", bits: explicitFieldBits(content) } : null;
};

/** Field size of explicit parameters over a prime field: SEQUENCE { version, SEQUENCE { prime-field, p } ... }. */
const explicitFieldBits = (content: Buffer): number | null => {
  // OBJECT IDENTIFIER 1.2.840.10045.1.1 (prime-field), followed by INTEGER p.
  const at = content.indexOf(Buffer.from("06072a8648ce3d0101", "hex"));
  if (at < 0) return null;
  const rest = content.subarray(at + 9);
  const size = (rest[1] ?? 0) & 0x80 ? 3 : 2;
  const length = size === 3 ? (rest[2] ?? 0) : (rest[1] ?? 0);
  return rest[0] === 0x02 ? bitLength(rest.subarray(size, size + length)) : null;
};

/** Bits of an unsigned big-endian number, leading zeros not counted. */
export const bitLength = (value: Uint8Array): number => {
  const first = value.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (value.length - first) * 8 - (Math.clz32(value[first] ?? 0) - 24);
};
