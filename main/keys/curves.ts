import { derOid } from "../pkcs11/der-write.ts";

/** An elliptic curve as this app, PKCS#11 and other programs name it. */
export interface Curve {
  name: string;
  oid: string;
  /** Size of the field; public points have 1 + 2 * ceil(bits / 8) bytes, or ceil(bits / 8) for Ed25519 and X25519. */
  bits: number;
  /** Name in OpenSSL, Node and pkcs11-tool. */
  openssl: string;
  /** Key that the curve belongs to. */
  type: "EC" | "Ed25519" | "X25519";
}

const weierstrass = (name: string, oid: string, bits: number, openssl: string): Curve => ({
  name,
  oid,
  bits,
  openssl,
  type: "EC",
});

/** Object identifiers: RFC 5480 (NIST), RFC 5639 (Brainpool), SEC 2 (secp256k1), RFC 8410 (Ed25519, X25519). */
export const curves: Curve[] = [
  weierstrass("P-256", "1.2.840.10045.3.1.7", 256, "prime256v1"),
  weierstrass("P-384", "1.3.132.0.34", 384, "secp384r1"),
  weierstrass("P-521", "1.3.132.0.35", 521, "secp521r1"),
  weierstrass("brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", 256, "brainpoolP256r1"),
  weierstrass("brainpoolP384r1", "1.3.36.3.3.2.8.1.1.11", 384, "brainpoolP384r1"),
  weierstrass("brainpoolP512r1", "1.3.36.3.3.2.8.1.1.13", 512, "brainpoolP512r1"),
  weierstrass("secp256k1", "1.3.132.0.10", 256, "secp256k1"),
  weierstrass("P-224", "1.3.132.0.33", 224, "secp224r1"),
  weierstrass("P-192", "1.2.840.10045.3.1.1", 192, "prime192v1"),
  { name: "Ed25519", oid: "1.3.101.112", bits: 256, openssl: "ED25519", type: "Ed25519" },
  { name: "X25519", oid: "1.3.101.110", bits: 256, openssl: "X25519", type: "X25519" },
];

/** Curves that are offered for new keys; the others are known for reading only (below 128 bits of security). */
export const generatedCurves = curves.filter(({ type, bits }) => type === "EC" && bits >= 256);

export const curveByOid = (oid: string): Curve | undefined => curves.find((curve) => curve.oid === oid);

export const curveByName = (name: string): Curve | undefined => curves.find((curve) => curve.name === name);

/** The hash that is not longer than a curve's order, which CKM_ECDSA would have to cut. */
export const hashForBits = (bits: number): "sha256" | "sha384" | "sha512" =>
  bits <= 256 ? "sha256" : bits <= 384 ? "sha384" : "sha512";

/** CKA_EC_PARAMS with the named curve choice: the curve's OBJECT IDENTIFIER (PKCS#11 2.40 mechanisms, 2.3.3). */
export const curveParameters = (curve: Curve): Buffer => derOid(curve.oid);

/** Curve names that PKCS#11 3.x modules write as PrintableString in CKA_EC_PARAMS (PKCS#11 3.0, 2.3.5 and 2.3.7). */
export const printedNames: Record<string, string> = { edwards25519: "Ed25519", curve25519: "X25519" };
