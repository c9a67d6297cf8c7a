import pkcs11js from "pkcs11js";

export const mechanismName = (mechanism: number): string =>
  Object.entries(pkcs11js).find(([name, value]) => name.startsWith("CKM_") && value === mechanism)?.[0] ??
  `0x${mechanism.toString(16)}`;
