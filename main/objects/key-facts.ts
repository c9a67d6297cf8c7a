import { CKA } from "../pkcs11/attributes.ts";
import { ulongValue } from "../pkcs11/handles.ts";
import { keyTypeWord, parameterSetName } from "../pkcs11/object-names.ts";
import { bitLength, curveOfParameters } from "./curve-names.ts";

export interface KeyFacts {
  /** RSA, EC, Ed25519, X25519, AES, generic ... */
  keyType: string;
  bits: number | null;
  curve: string | null;
}

/** Key lengths of types whose length is fixed, in bits with parity. */
const fixedBits: Record<string, number> = { DES: 64, DES2: 128, DES3: 192, SKIPJACK: 96, GOST28147: 256 };

const secretTypes = (keyType: string): boolean =>
  !/^(RSA|DSA|DH|EC|X9_42|KEA|GOSTR3410|HSS|XMSS|ML_|SLH_)/.test(keyType);

/**
 * Attributes that tell size and curve of a key of this type; each list is tried until one is readable.
 * @param keyType CKK_ name without prefix
 */
export const sizeAttributes = (keyType: string, isPublic: boolean): number[][] => {
  if (keyType === "RSA") return isPublic ? [[CKA.MODULUS_BITS], [CKA.MODULUS]] : [[CKA.MODULUS]];
  if (keyType.startsWith("EC")) return [[CKA.EC_PARAMS]];
  if (/^(DSA|DH|X9_42_DH)$/.test(keyType)) return [[CKA.PRIME]];
  if (/^(ML_KEM|ML_DSA|SLH_DSA)$/.test(keyType)) return [[CKA.PARAMETER_SET]];
  return secretTypes(keyType) && fixedBits[keyType] === undefined ? [[CKA.VALUE_LEN]] : [];
};

/** @param keyType CKK_ name without prefix. @param values as far as they could be read */
export const keyFacts = (keyType: string, values: ReadonlyMap<number, Buffer>): KeyFacts => {
  const number = (type: number): number | null => {
    const value = values.get(type);
    return value ? ulongValue(value) : null;
  };
  const params = values.get(CKA.EC_PARAMS);
  if (keyType.startsWith("EC")) return ellipticFacts(keyType, params);
  const set = number(CKA.PARAMETER_SET);
  const setName = set === null ? null : parameterSetName(keyType, set);
  const length = number(CKA.VALUE_LEN);
  return {
    keyType: setName ?? keyTypeWord(keyType),
    bits:
      number(CKA.MODULUS_BITS) ??
      numberBits(values.get(CKA.MODULUS) ?? values.get(CKA.PRIME)) ??
      (length === null ? null : length * 8) ??
      fixedBits[keyType] ??
      null,
    curve: null,
  };
};

const numberBits = (value: Buffer | undefined): number | null => (value && value.length > 0 ? bitLength(value) : null);

const ellipticFacts = (keyType: string, params: Buffer | undefined): KeyFacts => {
  const curve = params ? curveOfParameters(params) : null;
  const ownName = /^(Ed|X)\d+$/.test(curve?.name ?? "");
  return {
    keyType: ownName && curve ? curve.name : ({ EC_EDWARDS: "EdDSA", EC_MONTGOMERY: "XDH" }[keyType] ?? "EC"),
    bits: curve?.bits ?? null,
    curve: curve?.name ?? null,
  };
};
