import type { Usage } from "../keys/usage.ts";

/** pkcs11-tool's words for usage; each sets the flag of both halves. */
const usageWords: Record<Usage, string> = {
  sign: "--usage-sign",
  verify: "--usage-sign",
  decrypt: "--usage-decrypt",
  encrypt: "--usage-decrypt",
  unwrap: "--usage-wrap",
  wrap: "--usage-wrap",
  derive: "--usage-derive",
};

export const usageOptions = (usage: readonly Usage[]): string[] => [...new Set(usage.map((one) => usageWords[one]))];

/** pkcs11-tool can grant a use, but not deny one. */
export const othersLeftToModule =
  "Usages that pkcs11-tool does not name are left to the module, and several allow them all.";
