import type { FoundToken, Library } from "../pkcs11/library.ts";

/** One entry of a token's mechanism list. Sizes and flags are null where C_GetMechanismInfo failed. */
export interface TokenMechanism {
  type: number;
  min: number | null;
  max: number | null;
  flags: number | null;
}

/** C_GetMechanismList and C_GetMechanismInfo, by mechanism number. */
export const tokenMechanisms = (library: Library, token: FoundToken): Map<number, TokenMechanism> => {
  const found = new Map<number, TokenMechanism>();
  for (const type of library.p11.C_GetMechanismList(token.slot)) {
    try {
      const { minKeySize, maxKeySize, flags } = library.p11.C_GetMechanismInfo(token.slot, type);
      found.set(type, { type, min: minKeySize, max: maxKeySize, flags });
    } catch {
      // Some modules list mechanisms that they then say nothing about; they may still work.
      found.set(type, { type, min: null, max: null, flags: null });
    }
  }
  return found;
};
