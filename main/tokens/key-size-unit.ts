import type { MechanismRow } from "../../preload/contract/tokens.ts";

type Unit = MechanismRow["unit"];

/**
 * In what a mechanism's key sizes are counted. The standard says it mechanism by mechanism (PKCS#11 3.2, the
 * sentence on CK_MECHANISM_INFO in each section); this table has the families, the first that fits counts.
 */
const families: [name: RegExp, unit: Unit][] = [
  [/_(HMAC|HMAC_GENERAL|KEY_GEN)$/, "bytes"],
  [/RSA|^CKM_(EC|ECDSA|ECDH1?|ECDH_X|ECDH_COF|ECMQV|EDDSA|XEDDSA|DSA|DH|X9_42|KEA|GOSTR3410)(_|$)/, "bits"],
  [/^CKM_(RC2|RC4)(_|$)/, "bits"],
  [/^CKM_(AES|CAMELLIA|ARIA|SEED|BLOWFISH|TWOFISH|CAST\d*|RC5|CHACHA20|SALSA20|POLY1305|HKDF)(_|$)/, "bytes"],
  // Sizes of the public key.
  [/^CKM_(HASH_)?(ML_DSA|ML_KEM|SLH_DSA)(_|$)/, "bytes"],
];

/** Key generation whose sizes are not in bytes: bits by the standard, or fixed so that there is nothing to say. */
const exceptions = new Map<string, Unit>([
  ["CKM_GENERIC_SECRET_KEY_GEN", "bits"],
  ["CKM_RC2_KEY_GEN", "bits"],
  ["CKM_RC4_KEY_GEN", "bits"],
  ...["DES", "DES2", "DES3", "CDMF", "IDEA", "SKIPJACK", "BATON", "JUNIPER"].map(
    (cipher) => [`CKM_${cipher}_KEY_GEN`, "none"] as const,
  ),
  ...["SSL3_PRE_MASTER", "TLS_PRE_MASTER", "WTLS_PRE_MASTER"].map((name) => [`CKM_${name}_KEY_GEN`, "none"] as const),
]);

/** @param name CKM name. @returns "none" where the standard gives key sizes no sense (digests, DES, SSL, TLS, PBE). */
export const keySizeUnit = (name: string): Unit =>
  exceptions.get(name) ?? families.find(([family]) => family.test(name))?.[1] ?? "none";
