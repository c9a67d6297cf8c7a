import type { TokenInfo } from "pkcs11js";
import type { PinState } from "../../preload/contract/tokens.ts";
import { hasFlag } from "../pkcs11/names-tokens.ts";

export type Who = "user" | "so";

/** Names used in sentences. */
export const pinName: Record<Who, string> = { user: "user PIN", so: "SO PIN" };

/** The bits of CK_TOKEN_INFO.flags that tell of one PIN (PKCS#11 3.2, CK_TOKEN_INFO flags). */
interface PinFlags {
  initialised: number;
  low: number;
  final: number;
  locked: number;
  toBeChanged: number;
}

const pinFlags: Record<Who, PinFlags> = {
  user: { initialised: 0x8, low: 0x10000, final: 0x20000, locked: 0x40000, toBeChanged: 0x80000 },
  // There is no flag of its own for the SO PIN: C_InitToken sets it.
  so: { initialised: 0x400, low: 0x100000, final: 0x200000, locked: 0x400000, toBeChanged: 0x800000 },
};

const loginRequired = 0x4;
const protectedPath = 0x100;

/** What of CK_TOKEN_INFO tells of PINs. */
export type PinFacts = Pick<TokenInfo, "flags" | "maxPinLen">;

/**
 * Whether a token knows no PINs at all, such as a store of public certificates: it is initialised, nothing on it
 * needs a login (CKF_LOGIN_REQUIRED), no PIN is set or typed on a reader, and ulMaxPinLen leaves room for none.
 */
export const hasNoPins = ({ flags, maxPinLen }: PinFacts): boolean =>
  hasFlag(flags, pinFlags.so.initialised) &&
  !hasFlag(flags, loginRequired | pinFlags.user.initialised | protectedPath) &&
  maxPinLen === 0;

/**
 * A PIN's state in words, from the token's own information alone. PKCS#11 has no number of tries, so none is ever named.
 * @param info CK_TOKEN_INFO as read just now.
 */
export const pinState = (info: PinFacts, who: Who): PinState => {
  const { flags } = info;
  const bits = pinFlags[who];
  const name = pinName[who];
  if (hasNoPins(info)) return { state: "none", words: `This token needs no login and has no ${name}.` };
  // SoftHSM says "SO PIN locked" of its spare slot: before C_InitToken there is no PIN that could be.
  if (!hasFlag(flags, pinFlags.so.initialised)) return { state: "not set", words: notSet[who] };
  if (hasFlag(flags, bits.locked)) return { state: "locked", words: `The ${name} is locked. ${wayOut[who]}` };
  if (hasFlag(flags, bits.final))
    return {
      state: "final try",
      words: `Only one try is left for the ${name}: one more wrong PIN locks it. ${wayOut[who]}`,
    };
  if (hasFlag(flags, bits.low))
    return {
      state: "some tries used",
      words: `Some tries for the ${name} are used up. The right PIN restores them; the token does not say how many are left.`,
    };
  if (!hasFlag(flags, bits.initialised)) return { state: "not set", words: notSet[who] };
  if (hasFlag(flags, bits.toBeChanged))
    return {
      state: "must be changed",
      words: `The ${name} must be changed: it is still the one that the token was delivered or set up with, or it has expired.`,
    };
  if (hasFlag(flags, protectedPath))
    return { state: "on the reader", words: `The ${name} is set and is entered on the reader.` };
  return { state: "set", words: `The ${name} is set.` };
};

/** What can be done about a locked PIN. */
export const wayOut: Record<Who, string> = {
  user: "A new user PIN can be set with the SO PIN; objects stay as they are.",
  so: "A locked SO PIN cannot be unlocked. The user PIN still works; only the vendor's reset, which destroys every object, gives the token a new SO PIN.",
};

const notSet: Record<Who, string> = {
  user: "No user PIN is set yet. It is set with the SO PIN.",
  so: "No SO PIN is set yet. It is set when the token is initialised.",
};
