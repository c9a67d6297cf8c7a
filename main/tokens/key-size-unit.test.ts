import { expect, test } from "vitest";
import { mechanismName, mechanismNames } from "../pkcs11/names-tokens-mechanisms.ts";
import { keySizeUnit } from "./key-size-unit.ts";

const cases = [
  ["CKM_RSA_PKCS_KEY_PAIR_GEN", "bits"],
  ["CKM_SHA256_RSA_PKCS_PSS", "bits"],
  ["CKM_EC_KEY_PAIR_GEN", "bits"],
  ["CKM_ECDSA_SHA3_512", "bits"],
  ["CKM_ECDH1_COFACTOR_DERIVE", "bits"],
  ["CKM_EC_MONTGOMERY_KEY_PAIR_GEN", "bits"],
  ["CKM_EDDSA", "bits"],
  ["CKM_DSA_PARAMETER_GEN", "bits"],
  ["CKM_X9_42_DH_DERIVE", "bits"],
  ["CKM_GENERIC_SECRET_KEY_GEN", "bits"],
  ["CKM_RC4_KEY_GEN", "bits"],
  ["CKM_AES_KEY_GEN", "bytes"],
  ["CKM_AES_KEY_WRAP_PAD", "bytes"],
  ["CKM_SHA_1_HMAC", "bytes"],
  ["CKM_SHA3_256_HMAC_GENERAL", "bytes"],
  ["CKM_CAMELLIA_CBC", "bytes"],
  ["CKM_CHACHA20_POLY1305", "bytes"],
  ["CKM_ML_DSA", "bytes"],
  ["CKM_SHA256", "none"],
  ["CKM_DES3_KEY_GEN", "none"],
  ["CKM_DES3_CBC_PAD", "none"],
  ["CKM_TLS_PRE_MASTER_KEY_GEN", "none"],
  ["CKM_PKCS5_PBKD2", "none"],
  ["CKM_VENDOR_DEFINED+0x1", "none"],
] as const;

test.each(cases)("key sizes of %s are in %s", (name, unit) => {
  expect(keySizeUnit(name)).toBe(unit);
  if (!name.includes("+")) expect([...mechanismNames.values()]).toContain(name);
});

test("numbers of mechanisms become their names, also of versions 3.0 to 3.2", () => {
  expect(mechanismName(0)).toBe("CKM_RSA_PKCS_KEY_PAIR_GEN");
  expect(mechanismName(0x1057)).toBe("CKM_EDDSA");
  expect(mechanismName(0x2109)).toBe("CKM_AES_KEY_WRAP");
  expect(mechanismName(0x1c)).toBe("CKM_ML_DSA_KEY_PAIR_GEN");
  expect(mechanismName(0x403c)).toBe("CKM_ML_DSA_EXTERNAL_MU");
});

test("a vendor's own mechanism and an unknown one keep their number", () => {
  expect(mechanismName(0x80000000)).toBe("CKM_VENDOR_DEFINED+0x0");
  expect(mechanismName(0xce534351)).toBe("CKM_VENDOR_DEFINED+0x4e534351");
  expect(mechanismName(0x9999)).toBe("0x00009999");
});
