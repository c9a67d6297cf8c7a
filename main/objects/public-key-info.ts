import { curves } from "../keys/curves.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { derWhole } from "../pkcs11/der.ts";
import { der, derBits, derOid, derUnsigned } from "../pkcs11/der-write.ts";
import { curveOfParameters } from "./curve-names.ts";
import { ecPoint } from "./ec-point.ts";

/** Attributes that a SubjectPublicKeyInfo is made from. @param keyType CKK_ name without prefix */
export const publicKeyAttributes = (keyType: string): number[] => {
  if (keyType === "RSA") return [CKA.MODULUS, CKA.PUBLIC_EXPONENT];
  if (keyType.startsWith("EC")) return [CKA.EC_PARAMS, CKA.EC_POINT];
  return [CKA.PUBLIC_KEY_INFO];
};

/** OIDs of the curves that are algorithms of their own (RFC 8410). */
const algorithmOids: Record<string, string> = {
  Ed25519: "1.3.101.112",
  Ed448: "1.3.101.113",
  X25519: "1.3.101.110",
  X448: "1.3.101.111",
};

/**
 * SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of a public key from its attributes. Own DER, since node:crypto takes JWK for
 * a few curves only, and a curve needs no more than its parameters copied.
 * @param keyType CKK_ name without prefix
 * @returns null if an attribute is missing or is not what it should be
 */
export const publicKeyInfo = (keyType: string, values: ReadonlyMap<number, Buffer>): Buffer | null => {
  if (keyType === "RSA") return rsaInfo(values.get(CKA.MODULUS), values.get(CKA.PUBLIC_EXPONENT));
  if (keyType.startsWith("EC")) return ellipticInfo(values.get(CKA.EC_PARAMS), values.get(CKA.EC_POINT));
  const info = values.get(CKA.PUBLIC_KEY_INFO);
  return info && derWhole(info)?.tag === 0x30 ? info : null;
};

const rsaInfo = (modulus: Buffer | undefined, exponent: Buffer | undefined): Buffer | null =>
  modulus?.length && exponent?.length
    ? der(
        0x30,
        der(0x30, derOid("1.2.840.113549.1.1.1"), der(0x05)),
        derBits(der(0x30, derUnsigned(modulus), derUnsigned(exponent))),
      )
    : null;

const ellipticInfo = (params: Buffer | undefined, value: Buffer | undefined): Buffer | null => {
  if (!params || !value) return null;
  const found = ecPoint(params, value);
  const curve = curveOfParameters(params);
  if (!found || !curve) return null;
  const own = algorithmOids[curve.name];
  if (own !== undefined) return der(0x30, der(0x30, derOid(own)), derBits(found.point));
  // A curve by name has no place in SubjectPublicKeyInfo: its OID is written instead (RFC 5480, 2.1.1).
  const named = [0x13, 0x0c].includes(params[0] ?? 0);
  const oid = curves.find(({ name }) => name === curve.name)?.oid;
  if (named && oid === undefined) return null;
  return der(
    0x30,
    der(0x30, derOid("1.2.840.10045.2.1"), named && oid !== undefined ? derOid(oid) : params),
    derBits(found.point),
  );
};
