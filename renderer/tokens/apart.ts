import type { TokenRow } from "../../preload/contract/tokens.ts";
import type { ModuleSlots } from "./useSlots.ts";
import { tokenTitle } from "./words.ts";

/** A token that is there, with the module that shows it. */
export interface PresentToken {
  module: string;
  token: TokenRow;
}

/** @returns the tokens in the slots of all modules, in that order. */
export const presentTokens = (modules: readonly ModuleSlots[]): PresentToken[] =>
  modules.flatMap(({ module, slots }) =>
    (slots ?? []).flatMap(({ token }) => (token ? [{ module: module.id, token }] : [])),
  );

/** What tells a token from its namesakes. */
export interface Mark {
  /** "…841abf" or "slot 3": fits beside the label. */
  short: string;
  /** "serial 9ffa313330841abf" or "slot 3". */
  full: string;
}

/** Fewer characters of a serial are too easily taken for another's. */
const fewest = 6;

/**
 * What has to be shown beside a token's label because others that are present are called the same; null if none is.
 * It is the end of the serial, as long as it takes to differ, or the slot where serials do not differ (a TPM's tokens).
 * Tokens that are not initialised have no name yet: only those of the same module are namesakes. The same serial in
 * another module is the same token, seen through it.
 */
export const markOf = (one: PresentToken, present: readonly PresentToken[]): Mark | null => {
  const { token } = one;
  const namesakes = present.filter(
    (other) =>
      !(other.module === one.module && other.token.ref.slot === token.ref.slot) &&
      tokenTitle(other.token) === tokenTitle(token) &&
      (other.module === one.module || (token.initialised && other.token.serial !== token.serial)),
  );
  if (namesakes.length === 0) return null;
  const serials = namesakes.map(({ token: { serial } }) => serial);
  const slot = `slot ${token.ref.slot ?? "unknown"}`;
  if (token.serial === "" || serials.includes(token.serial)) return { short: slot, full: slot };
  return { short: ending(token.serial, serials), full: `serial ${token.serial}` };
};

/** The shortest end of a serial that no other has; the whole one where little would be left out. */
const ending = (serial: string, others: readonly string[]): string => {
  let length = fewest;
  while (length < serial.length && others.some((other) => other.endsWith(serial.slice(-length)))) length++;
  return serial.length <= length + 2 ? serial : `…${serial.slice(-length)}`;
};
