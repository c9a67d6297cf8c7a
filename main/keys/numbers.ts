import pkcs11js from "pkcs11js";

/** PKCS#11 3.0 numbers that pkcs11js, a 2.40 binding, has no names for. */
export const CKK_EC_EDWARDS = 0x40;
export const CKK_EC_MONTGOMERY = 0x41;
export const CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
export const CKM_EC_MONTGOMERY_KEY_PAIR_GEN = 0x1056;
export const CKM_EDDSA = 0x1057;

const own: Record<number, string> = {
  [CKM_EC_EDWARDS_KEY_PAIR_GEN]: "CKM_EC_EDWARDS_KEY_PAIR_GEN",
  [CKM_EC_MONTGOMERY_KEY_PAIR_GEN]: "CKM_EC_MONTGOMERY_KEY_PAIR_GEN",
  [CKM_EDDSA]: "CKM_EDDSA",
  [pkcs11js.CKM_EC_KEY_PAIR_GEN]: "CKM_EC_KEY_PAIR_GEN",
};

const names = new Map<number, string>(
  Object.entries(pkcs11js).flatMap(([name, value]) =>
    name.startsWith("CKM_") && typeof value === "number" ? [[value, name] as const] : [],
  ),
);

/** @returns CKM_ name of a mechanism, or its number in hexadecimal. */
export const mechanismName = (mechanism: number): string =>
  own[mechanism] ?? names.get(mechanism) ?? `0x${mechanism.toString(16)}`;
