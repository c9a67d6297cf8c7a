import constants from "../../../native/description/constants.json" with { type: "json" };
import type { TraceField } from "../../../preload/contract/trace.ts";
import { numberOf, wordsOf } from "./fields.ts";

export type FlagSet = keyof typeof constants.flags;

/**
 * CKF_ names in a flags field: those that the log spells out, else those of its number.
 * @param set which flags the field holds: names differ between structures
 */
export const flagsOf = (field: TraceField | undefined, set: FlagSet): string[] => {
  const words = wordsOf(field, "CKF_");
  if (words.length > 0) return words;
  const number = numberOf(field) ?? 0;
  return Object.entries(constants.flags[set]).flatMap(([name, bit]) =>
    Math.floor(number / bit) % 2 === 1 ? [name] : [],
  );
};
