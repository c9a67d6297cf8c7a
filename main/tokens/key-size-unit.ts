import type { MechanismRow } from "../../preload/contract/tokens.ts";

type Unit = MechanismRow["unit"];

/**
 * In what a mechanism's key sizes are counted. The standard says it mechanism by mechanism (PKCS#11 3.2, the
 * sentence on CK_MECHANISM_INFO in each section); this table has the families.
 */
const families: [name: RegExp, unit: Unit][] = [
  [/^CKM_(SHA|MD|RIPEMD|BLAKE|FASTHASH)[\dA-Z_]*_(HMAC|KEY_GEN|KEY_DERIVE|KEY_DERIVATION)/, "bytes"],
  [/RSA|^CKM_(EC|ECDSA|ECDH|ECMQV|EDDSA|XEDDSA|X25519|DSA|DH|X9_42|KEA|GOSTR3410)(_|$|\d)/, "bits"],
  [/^CKM_(RC2|RC4)_/, "bits"],
  [/^CKM_GENERIC_SECRET_KEY_GEN$/, "bits"],
  [
    /^CKM_(AES|CAMELLIA|ARIA|SEED|BLOWFISH|TWOFISH|CAST\d*|RC5|BATON|CHACHA20|SALSA20|POLY1305|ACTI|SECURID|HOTP|SHA\d*_HMAC)/,
    "bytes",
  ],
];

/** @param name CKM name. @returns "none" where the standard gives key sizes no sense (digests, DES, SSL, TLS, PBE). */
export const keySizeUnit = (name: string): Unit => families.find(([family]) => family.test(name))?.[1] ?? "none";
