import type { CheckedInput, Output } from "../../preload/contract/index.ts";
import { failure } from "../pkcs11/failure.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { showPadded } from "../pkcs11/text.ts";
import { countObjects } from "./count-objects.ts";
import { padLabel } from "./label.ts";
import { pinState } from "./pin-state.ts";
import { checkPin, checkTry, pinLengths, placeOf, tryOnce, typedName } from "./pin-try.ts";
import { hasPinPad, isInitialised } from "./token-row.ts";

/** What C_InitToken would destroy, and what has to be typed for it. */
export const initialisePreview = (library: Library, token: FoundToken): Output<"tokens.initialisePreview"> => {
  const { info } = token;
  const initialised = isInitialised(info.flags);
  const counted = initialised ? countObjects(library, token) : { objects: 0, byClass: {} };
  const lengths = pinLengths(info, "so");
  return {
    label: showPadded(info.label),
    serial: showPadded(info.serialNumber),
    initialised,
    ...counted,
    privateCounted: !initialised || library.loginState(token.slotId) === "user",
    soPin: pinState(info, "so"),
    pinPad: hasPinPad(info.flags),
    minLength: lengths.min,
    maxLength: lengths.max,
    confirmation: initialised ? typedName(info) : null,
  };
};

type Wanted = Pick<CheckedInput<"tokens.initialise">, "label" | "soPin" | "confirmation" | "objects">;

/**
 * C_InitToken (PKCS#11 2.40, C_InitToken): every object is destroyed; on a token that is initialised the SO PIN
 * must be the present one. Everything that can be known beforehand is checked before the module is asked.
 * @returns the token as it is afterwards, wherever its slot is now (SoftHSM renumbers).
 */
export const initialise = (library: Library, token: FoundToken, wanted: Wanted): FoundToken => {
  const label = padLabel(wanted.label);
  checkPin(token, "so", wanted.soPin);
  if (isInitialised(token.info.flags)) checkLossIsMeant(library, token, wanted);
  const before = serials(library);
  library.logins.ended(token.slotId);
  library.closeSessions(token.slotId);
  tryOnce(library, token, "so", "C_InitToken", () => library.pins.initToken(token.slot, wanted.soPin, label));
  return afterwards(library, token, wanted.label, before);
};

const checkLossIsMeant = (library: Library, token: FoundToken, wanted: Wanted): void => {
  const where = placeOf(token);
  const expected = typedName(token.info);
  if (wanted.confirmation !== expected)
    throw failure("CONFIRMATION_NEEDED", {
      where,
      message: "Initialising destroys every object on this token. Nothing was done yet.",
      remedy: `Make sure that what is on it is kept elsewhere, then type ${JSON.stringify(expected)} as confirmation.`,
      details: { expected },
    });
  checkTry(token, "so", wanted.confirmation, expected);
  if (wanted.objects === undefined) return;
  const { objects } = countObjects(library, token);
  if (objects !== wanted.objects)
    throw failure("CONFIRMATION_NEEDED", {
      where,
      message: `The token has ${objects} objects now; ${wanted.objects} were shown. Nothing was done.`,
      remedy: "Look again at what would be lost.",
      details: { expected, objects, shown: wanted.objects },
    });
};

const serials = (library: Library): Set<string> =>
  new Set(tokensNow(library).map(({ info }) => showPadded(info.serialNumber)));

const tokensNow = (library: Library): FoundToken[] =>
  library.slotHandles().flatMap((slot) => {
    const found = library.readToken(slot);
    return found ? [found] : [];
  });

/** The device keeps its serial, or it is the one whose serial is new; some devices give themselves another label. */
const afterwards = (library: Library, old: FoundToken, label: string, before: Set<string>): FoundToken => {
  const tokens = tokensNow(library).filter(({ info }) => isInitialised(info.flags));
  const serial = showPadded(old.info.serialNumber);
  const hasLabel = ({ info }: FoundToken) => showPadded(info.label) === label;
  const same = tokens.filter(({ info }) => serial !== "" && showPadded(info.serialNumber) === serial);
  const fresh = tokens.filter(({ info }) => !before.has(showPadded(info.serialNumber)));
  const inSlot = ({ slotId }: FoundToken) => slotId === old.slotId;
  // Every token of a TPM has the same serial, hence slot and label together first.
  const found =
    same.find((token) => inSlot(token) && hasLabel(token)) ??
    same.find(hasLabel) ??
    same.find(inSlot) ??
    same[0] ??
    fresh.find(hasLabel) ??
    fresh[0] ??
    tokens.find(inSlot);
  if (found) return found;
  throw failure("TOKEN_GONE", {
    where: `token ${label}`,
    message: "The token was initialised, but the module does not list it afterwards.",
    remedy: "Start the module again: some look for new tokens only then.",
  });
};
