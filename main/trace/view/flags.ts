import type { TraceField } from "../../../preload/contract/trace.ts";
import { type FlagSet, flagNames } from "../flags.ts";
import { numberOf, wordsOf } from "./fields.ts";

/**
 * CKF_ names in a flags field: those that the log spells out, else those of its number.
 * @param set which flags the field holds: names differ between structures
 */
export const flagsOf = (field: TraceField | undefined, set: FlagSet): string[] => {
  const words = wordsOf(field, "CKF_");
  return words.length > 0 ? words : flagNames(BigInt(numberOf(field) ?? 0), set).names;
};
