import { createHash, ECDH } from "node:crypto";
import { DerError } from "../pkcs11/der.ts";
import { der, derBits, derOid, derUnsigned } from "../pkcs11/der-write.ts";
import { bits, oidText, readAll, sequence, stripZeros, tags, unsigned } from "./ber.ts";
import { type Curve, curveByName, curveByOid, curveParameters, printedNames } from "./curves.ts";

/** A public key by its values, whatever file or attribute it came from. Integers are unsigned, without leading zeros. */
export type PublicKey =
  | { type: "RSA"; modulus: Buffer; exponent: Buffer }
  | { type: "EC"; curve: Curve; point: Buffer }
  | { type: "Ed25519" | "X25519"; curve: Curve; point: Buffer };

const rsaOid = "1.2.840.113549.1.1.1";
const rsaPssOid = "1.2.840.113549.1.1.10";
const ecOid = "1.2.840.10045.2.1";

/** What the BIT STRING of a SubjectPublicKeyInfo holds: RSAPublicKey in DER (RFC 3279 2.3.1), or the point. */
export const subjectPublicKey = (key: PublicKey): Buffer =>
  key.type === "RSA" ? der(tags.sequence, derUnsigned(key.modulus), derUnsigned(key.exponent)) : key.point;

/** SubjectPublicKeyInfo in DER (RFC 5280 4.1.2.7; RFC 3279, RFC 5480, RFC 8410 for the key types). */
export const toSpki = (key: PublicKey): Buffer => der(tags.sequence, algorithmOf(key), derBits(subjectPublicKey(key)));

const algorithmOf = (key: PublicKey): Buffer => {
  if (key.type === "RSA") return der(tags.sequence, derOid(rsaOid), der(tags.null));
  return key.type === "EC"
    ? der(tags.sequence, derOid(ecOid), curveParameters(key.curve))
    : der(tags.sequence, derOid(key.curve.oid));
};

/** @throws DerError for a broken structure or an algorithm or curve that is not known, naming its OID. */
export const fromSpki = (spki: Buffer): PublicKey => {
  const [algorithm, key] = sequence(readAll(spki), "SubjectPublicKeyInfo");
  const [oid, parameters] = sequence(algorithm, "AlgorithmIdentifier");
  if (!oid || key?.tag !== tags.bitString) throw new DerError("SubjectPublicKeyInfo without a key");
  const name = oidText(oid.content);
  if (name === rsaOid || name === rsaPssOid) return fromRsaPublicKey(bits(key));
  if (name === ecOid) {
    if (parameters?.tag !== tags.oid)
      throw new DerError("an EC key with explicit curve parameters; only named curves are known");
    return ecKey(oidText(parameters.content), bits(key));
  }
  return ecKey(name, bits(key));
};

/** RSAPublicKey of PKCS#1 (RFC 8017 A.1.1). */
export const fromRsaPublicKey = (bytes: Buffer): PublicKey => {
  const [modulus, exponent] = sequence(readAll(bytes), "RSAPublicKey");
  if (modulus?.tag !== tags.integer || exponent?.tag !== tags.integer)
    throw new DerError("RSAPublicKey without numbers");
  return { type: "RSA", modulus: unsigned(modulus), exponent: unsigned(exponent) };
};

/** @param oid of a named curve, or of Ed25519 and X25519. @throws DerError for an unknown OID or a point of wrong length. */
export const ecKey = (oid: string, point: Buffer): PublicKey => {
  const curve = curveByOid(oid);
  if (!curve) throw new DerError(`algorithm or curve ${oid} is not known`);
  const whole = curve.type === "EC" ? expandPoint(curve, point) : point;
  if (whole.length !== pointLength(curve))
    throw new DerError(`a public key on ${curve.name} has ${pointLength(curve)} bytes, this one ${point.length}`);
  return { type: curve.type, curve, point: whole };
};

const pointLength = (curve: Curve): number => {
  const field = Math.ceil(curve.bits / 8);
  return curve.type === "EC" ? 1 + 2 * field : field;
};

/** Compressed points are allowed in files, but CKA_EC_POINT must be uncompressed (04 x y) for every module to read it. */
const expandPoint = (curve: Curve, point: Buffer): Buffer => {
  if (point[0] === 4) return point;
  try {
    return Buffer.from(ECDH.convertKey(point, curve.openssl, undefined, undefined, "uncompressed") as Buffer);
  } catch {
    throw new DerError(`the public key is no point on ${curve.name}`);
  }
};

/**
 * The curve in CKA_EC_PARAMS: an OBJECT IDENTIFIER, or for Edwards and Montgomery curves a PrintableString.
 * @throws DerError for explicit parameters and unknown curves
 */
export const curveOfParameters = (parameters: Buffer): Curve => {
  const node = readAll(parameters);
  if (node.tag === tags.oid) {
    const curve = curveByOid(oidText(node.content));
    if (curve) return curve;
    throw new DerError(`curve ${oidText(node.content)} is not known`);
  }
  if (node.tag === tags.printable) {
    const curve = curveByName(printedNames[node.content.toString("latin1")] ?? "");
    if (curve) return curve;
  }
  throw new DerError("CKA_EC_PARAMS holds no named curve");
};

/**
 * The public key in CKA_EC_PARAMS and CKA_EC_POINT. Modules disagree about the point: DER OCTET STRING around it
 * (2.40), the bare bytes (3.1 for Edwards and Montgomery curves; some for all), or a BIT STRING. The length that the
 * curve asks for decides (openssl-projects/pkcs11-provider#478, OpenSC/OpenSC#1285).
 */
export const fromEcAttributes = (parameters: Buffer, value: Buffer): PublicKey => {
  const curve = curveOfParameters(parameters);
  const length = pointLength(curve);
  if (value.length === length && (curve.type !== "EC" || value[0] === 4)) return ecKey(curve.oid, value);
  const node = readAll(value);
  if (node.tag === tags.octetString) return ecKey(curve.oid, node.content);
  if (node.tag === tags.bitString) return ecKey(curve.oid, bits(node));
  throw new DerError(`CKA_EC_POINT of ${value.length} bytes is no point on ${curve.name}`);
};

/**
 * The default CKA_ID: SHA-1 of the modulus (unsigned, no leading zeros) for RSA, of the EC point without the OCTET
 * STRING around it (04 x y, or the 32 bytes of Ed25519 and X25519) for curves. It is the rule of NSS and of programs
 * that prepare keys for Java; for curves it equals the key identifier of RFC 5280 4.2.1.2 (1).
 */
export const keyId = (key: PublicKey): Buffer =>
  createHash("sha1")
    .update(key.type === "RSA" ? key.modulus : key.point)
    .digest();

/** Text that two public keys have in common only if they are the same key. */
export const keyIdentity = (key: PublicKey): string =>
  key.type === "RSA"
    ? `RSA ${stripZeros(key.modulus).toString("hex")} ${stripZeros(key.exponent).toString("hex")}`
    : `${key.curve.name} ${key.point.toString("hex")}`;

export const keyBits = (key: PublicKey): number =>
  key.type === "RSA" ? key.modulus.length * 8 - Math.clz32(key.modulus[0] ?? 0) + 24 : key.curve.bits;

/** "RSA 2048", "EC P-256", "Ed25519". */
export const keyWords = (key: PublicKey): string =>
  key.type === "RSA" ? `RSA ${keyBits(key)}` : key.type === "EC" ? `EC ${key.curve.name}` : key.type;
