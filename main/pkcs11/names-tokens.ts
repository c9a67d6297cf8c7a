/**
 * Names of the flag bits of slots, tokens and mechanisms (PKCS#11 3.2, CK_SLOT_INFO, CK_TOKEN_INFO,
 * CK_MECHANISM_INFO): the CKF name without its prefix, in lower-case words.
 */
export type FlagNames = readonly (readonly [bit: number, words: string])[];

export const slotFlags: FlagNames = [
  [0x1, "token present"],
  [0x2, "removable device"],
  [0x4, "hw slot"],
];

export const tokenFlags: FlagNames = [
  [0x1, "rng"],
  [0x2, "write protected"],
  [0x4, "login required"],
  [0x8, "user pin initialized"],
  [0x20, "restore key not needed"],
  [0x40, "clock on token"],
  [0x100, "protected authentication path"],
  [0x200, "dual crypto operations"],
  [0x400, "token initialized"],
  [0x800, "secondary authentication"],
  [0x10000, "user pin count low"],
  [0x20000, "user pin final try"],
  [0x40000, "user pin locked"],
  [0x80000, "user pin to be changed"],
  [0x100000, "so pin count low"],
  [0x200000, "so pin final try"],
  [0x400000, "so pin locked"],
  [0x800000, "so pin to be changed"],
  [0x1000000, "error state"],
  [0x2000000, "seed random required"],
  [0x4000000, "async session supported"],
];

export const mechanismFlags: FlagNames = [
  [0x1, "hw"],
  [0x2, "message encrypt"],
  [0x4, "message decrypt"],
  [0x8, "message sign"],
  [0x10, "message verify"],
  [0x20, "multi message"],
  [0x40, "find objects"],
  [0x100, "encrypt"],
  [0x200, "decrypt"],
  [0x400, "digest"],
  [0x800, "sign"],
  [0x1000, "sign recover"],
  [0x2000, "verify"],
  [0x4000, "verify recover"],
  [0x8000, "generate"],
  [0x10000, "generate key pair"],
  [0x20000, "wrap"],
  [0x40000, "unwrap"],
  [0x80000, "derive"],
  [0x100000, "ec f p"],
  [0x200000, "ec f 2m"],
  [0x400000, "ec ecparameters"],
  [0x800000, "ec oid"],
  [0x1000000, "ec uncompress"],
  [0x2000000, "ec compress"],
  [0x4000000, "ec curvename"],
  [0x10000000, "encapsulate"],
  [0x20000000, "decapsulate"],
  [0x80000000, "extension"],
];

/** @returns the words of each set bit, lowest first; a bit without a name as its number, so that none is dropped. */
export const decodeFlags = (flags: number, names: FlagNames): string[] => {
  const words: string[] = [];
  for (let index = 0; index < 32; index++) {
    const bit = 2 ** index;
    if ((flags & bit) === 0) continue;
    words.push(names.find(([known]) => known === bit)?.[1] ?? `0x${bit.toString(16)}`);
  }
  return words;
};

/** @param bit one of the values above. Bit 31 makes `&` negative, hence the comparison with zero. */
export const hasFlag = (flags: number, bit: number): boolean => (flags & bit) !== 0;
