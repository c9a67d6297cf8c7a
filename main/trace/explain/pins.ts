import type { TraceField } from "../../../preload/contract/trace.ts";
import { isNull } from "../view/fields.ts";
import type { User } from "./known.ts";

/** What logs tell of PINs: whose one is, how it was entered, what the token's flags say of it. */

export const pinName = (user: User | null): string => (user === "SO" ? "SO PIN" : "PIN");

const pinStates = ["COUNT_LOW", "FINAL_TRY", "LOCKED", "TO_BE_CHANGED"] as const;

/** Flags of the PIN that a user gives; the context-specific login uses the user's. */
export const pinFlagsOf = (flags: readonly string[], user: User | null): string[] => {
  const names = pinStates.map((state) => `CKF_${user === "SO" ? "SO" : "USER"}_PIN_${state}`);
  return flags.filter((flag) => names.includes(flag));
};

/** Whether the flags of one PIN say so. @param flags null: the program did not read them */
export const pinIs = (flags: readonly string[] | null, state: (typeof pinStates)[number]): boolean =>
  flags?.some((flag) => flag.endsWith(state)) ?? false;

/** Whether a PIN argument asks for the entry on the reader's PIN pad; a call without one does not. */
export const isPinPad = (pin: TraceField | undefined): boolean =>
  pin !== undefined && (isNull(pin) || /pin.?pad/i.test(pin.text));
