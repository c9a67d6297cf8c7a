import constants from "../../native/description/constants.json" with { type: "json" };

/** Names differ between structures: the same bit is another flag in another one (PKCS#11 3.2, section 3). */
export type FlagSet = keyof typeof constants.flags;

/** The CKF_ names of a number's bits, and the bits that have none. Negative numbers, as broken logs have them, have none. */
export const flagNames = (bits: bigint, set: FlagSet): { names: string[]; rest: bigint } => {
  if (bits < 0n) return { names: [], rest: bits };
  const names: string[] = [];
  let rest = bits;
  for (const [name, bit] of Object.entries(constants.flags[set])) {
    if ((rest & BigInt(bit)) === 0n) continue;
    names.push(name);
    rest &= ~BigInt(bit);
  }
  return { names, rest };
};
