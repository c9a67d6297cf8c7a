import type { ObjectClass } from "../../preload/contract/shared.ts";

/** Names of the numbers that attributes have as values (PKCS#11 3.2, pkcs11t.h). */

const classNames: Record<number, string> = {
  0: "CKO_DATA",
  1: "CKO_CERTIFICATE",
  2: "CKO_PUBLIC_KEY",
  3: "CKO_PRIVATE_KEY",
  4: "CKO_SECRET_KEY",
  5: "CKO_HW_FEATURE",
  6: "CKO_DOMAIN_PARAMETERS",
  7: "CKO_MECHANISM",
  8: "CKO_OTP_KEY",
  9: "CKO_PROFILE",
  10: "CKO_VALIDATION",
  11: "CKO_TRUST",
  3461563217: "CKO_NSS_CRL",
  3461563218: "CKO_NSS_SMIME",
  3461563219: "CKO_NSS_TRUST",
  3461563220: "CKO_NSS_BUILTIN_ROOT_LIST",
};

const classWords: ObjectClass[] = ["data", "certificate", "publicKey", "privateKey", "secretKey"];

/** @returns the app's word for a CKO_ number. */
export const objectClassWord = (number: number | null): ObjectClass =>
  (number === null ? undefined : classWords[number]) ?? "other";

/** @returns the CKO_ number, or null for "other". */
export const objectClassNumber = (word: ObjectClass): number | null => {
  const number = classWords.indexOf(word);
  return number < 0 ? null : number;
};

export const objectClassName = (number: number): string => classNames[number] ?? `CKO 0x${number.toString(16)}`;

/** Key types without the prefix CKK_. */
const keyTypes: Record<number, string> = {
  0: "RSA",
  1: "DSA",
  2: "DH",
  3: "EC",
  4: "X9_42_DH",
  5: "KEA",
  16: "GENERIC_SECRET",
  17: "RC2",
  18: "RC4",
  19: "DES",
  20: "DES2",
  21: "DES3",
  22: "CAST",
  23: "CAST3",
  24: "CAST128",
  25: "RC5",
  26: "IDEA",
  27: "SKIPJACK",
  28: "BATON",
  29: "JUNIPER",
  30: "CDMF",
  31: "AES",
  32: "BLOWFISH",
  33: "TWOFISH",
  34: "SECURID",
  35: "HOTP",
  36: "ACTI",
  37: "CAMELLIA",
  38: "ARIA",
  39: "MD5_HMAC",
  40: "SHA_1_HMAC",
  41: "RIPEMD128_HMAC",
  42: "RIPEMD160_HMAC",
  43: "SHA256_HMAC",
  44: "SHA384_HMAC",
  45: "SHA512_HMAC",
  46: "SHA224_HMAC",
  47: "SEED",
  48: "GOSTR3410",
  49: "GOSTR3411",
  50: "GOST28147",
  51: "CHACHA20",
  52: "POLY1305",
  53: "AES_XTS",
  54: "SHA3_224_HMAC",
  55: "SHA3_256_HMAC",
  56: "SHA3_384_HMAC",
  57: "SHA3_512_HMAC",
  58: "BLAKE2B_160_HMAC",
  59: "BLAKE2B_256_HMAC",
  60: "BLAKE2B_384_HMAC",
  61: "BLAKE2B_512_HMAC",
  62: "SALSA20",
  63: "X2RATCHET",
  64: "EC_EDWARDS",
  65: "EC_MONTGOMERY",
  66: "HKDF",
  67: "SHA512_224_HMAC",
  68: "SHA512_256_HMAC",
  69: "SHA512_T_HMAC",
  70: "HSS",
  71: "XMSS",
  72: "XMSSMT",
  73: "ML_KEM",
  74: "ML_DSA",
  75: "SLH_DSA",
};

/** @returns the CKK_ name without its prefix, e.g. "EC_EDWARDS"; the number as "0x..." for a vendor's. */
export const keyTypeName = (number: number): string => keyTypes[number] ?? `0x${number.toString(16)}`;

/** Words that are shorter than the standard's, for key types that people call by another name. */
export const keyTypeWord = (name: string): string =>
  ({ GENERIC_SECRET: "generic", ML_KEM: "ML-KEM", ML_DSA: "ML-DSA", SLH_DSA: "SLH-DSA", DES3: "3DES" })[name] ?? name;

export const certificateTypeName = (number: number): string =>
  ["CKC_X_509", "CKC_X_509_ATTR_CERT", "CKC_WTLS"][number] ?? `CKC 0x${number.toString(16)}`;

export const certificateCategoryName = (number: number): string =>
  ["unspecified", "token user", "authority", "other entity"][number] ?? `0x${number.toString(16)}`;

export const hardwareFeatureName = (number: number): string =>
  [null, "monotonic counter", "clock", "user interface"][number] ?? `0x${number.toString(16)}`;

export const profileName = (number: number): string =>
  [
    "CKP_INVALID_ID",
    "CKP_BASELINE_PROVIDER",
    "CKP_EXTENDED_PROVIDER",
    "CKP_AUTHENTICATION_TOKEN",
    "CKP_PUBLIC_CERTIFICATES_TOKEN",
    "CKP_COMPLETE_PROVIDER",
    "CKP_HKDF_TLS_TOKEN",
  ][number] ?? `0x${number.toString(16)}`;

const parameterSets: Record<string, string[]> = {
  ML_KEM: ["", "ML-KEM-512", "ML-KEM-768", "ML-KEM-1024"],
  ML_DSA: ["", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"],
  SLH_DSA: [
    "",
    "SLH-DSA-SHA2-128s",
    "SLH-DSA-SHAKE-128s",
    "SLH-DSA-SHA2-128f",
    "SLH-DSA-SHAKE-128f",
    "SLH-DSA-SHA2-192s",
    "SLH-DSA-SHAKE-192s",
    "SLH-DSA-SHA2-192f",
    "SLH-DSA-SHAKE-192f",
    "SLH-DSA-SHA2-256s",
    "SLH-DSA-SHAKE-256s",
    "SLH-DSA-SHA2-256f",
    "SLH-DSA-SHAKE-256f",
  ],
};

/** @param keyType CKK_ name without prefix. @returns null for a number that the standard does not have. */
export const parameterSetName = (keyType: string, number: number): string | null =>
  parameterSets[keyType]?.[number] || null;

/** Trust values of PKCS#11 3.2 (CKT_) and of NSS (CKT_NSS_). */
const trustValues: Record<number, string> = {
  0: "unknown",
  1: "trusted",
  2: "trust anchor",
  3: "not trusted",
  4: "must be verified",
  3461563217: "trusted",
  3461563218: "trusted to delegate",
  3461563219: "must be verified",
  3461563226: "not trusted",
  3461563227: "valid delegator",
};

export const trustName = (number: number): string => trustValues[number] ?? `0x${number.toString(16)}`;
