import type { TokenInfo } from "pkcs11js";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { PinState } from "../../preload/contract/tokens.ts";
import { Failure, failure, returnValueOf, toErrorData } from "../pkcs11/failure.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { showPadded } from "../pkcs11/text.ts";
import { deviceRules } from "./device-class.ts";
import { pinName, pinState, type Who, wayOut } from "./pin-state.ts";
import { hasPinPad } from "./token-row.ts";

/**
 * The rules around every use of a PIN. Each runs before the module sees anything, so a try is used only when
 * the user meant it: flags are those just read, one try is one call, and nothing is ever repeated.
 */

/** "token Demo (serial 1234)", for error data. */
export const placeOf = ({ info }: FoundToken): string =>
  `token ${showPadded(info.label) || "without label"} (serial ${showPadded(info.serialNumber) || "none"})`;

/** The text to be typed where a last try is at stake: the label, or what else the token can be known by. */
export const typedText = (info: TokenInfo): string =>
  showPadded(info.label) || showPadded(info.serialNumber) || showPadded(info.model) || "token";

/** The text to be typed where everything on a token is at stake: label and serial, since labels are not unique. */
export const typedName = (info: TokenInfo): string =>
  [showPadded(info.label), showPadded(info.serialNumber)].filter(Boolean).join(" ") || typedText(info);

/** Lengths in bytes of UTF-8 (ulMinPinLen, ulMaxPinLen); a maximum of 0 or all ones means none is known. */
export const pinLengths = (info: TokenInfo, who: Who): { min: number; max: number } => {
  const own = who === "so" ? deviceRules(info).soPinLength : null;
  if (own) return own;
  const unknown = info.maxPinLen === 0 || info.maxPinLen >= 0xffffffff || info.maxPinLen < info.minPinLen;
  return { min: info.minPinLen, max: unknown ? 255 : info.maxPinLen };
};

/**
 * A PIN as it is handed to the module: `null` where the reader asks for it.
 * @throws Failure PIN_NEEDED, REFUSED, PIN_LENGTH
 */
export const checkPin = (token: FoundToken, who: Who, pin: string | null, title: string = pinName[who]): void => {
  const where = placeOf(token);
  const { state, words } = pinState(token.info, who);
  if (state === "none")
    throw failure("REFUSED", {
      where,
      message: `${words} The module was not asked.`,
      remedy: "Go on without: what is on the token can be used as it is.",
      details: { state },
    });
  if (hasPinPad(token.info.flags)) {
    if (pin === null) return;
    throw failure("REFUSED", {
      where,
      message: `The ${title} of this token is entered on the reader's own keys, never in a program.`,
      remedy: "Leave the PIN out (null), and enter it on the reader when it asks.",
    });
  }
  if (pin === null)
    throw failure("PIN_NEEDED", {
      where,
      message: `The ${title} is needed: this token's reader has no PIN pad.`,
      remedy: "Give the PIN.",
    });
  checkLength(token, who, pin, title);
};

const checkLength = (token: FoundToken, who: Who, pin: string, title: string): void => {
  const { min, max } = pinLengths(token.info, who);
  const length = Buffer.byteLength(pin, "utf8");
  if (length >= min && length <= max) return;
  throw failure("PIN_LENGTH", {
    where: placeOf(token),
    message: `The ${title} given is too ${length < min ? "short" : "long"}: this token takes ${min === max ? min : `${min} to ${max}`} characters. It was not sent, so no try is used up.`,
    remedy: "Characters outside ASCII count as several bytes.",
    details: { min, max },
  });
};

/**
 * Whether a try with an existing PIN may be made at all.
 * @param expected the text that has to be typed where it is the last one
 * @throws Failure PIN_LOCKED, CONFIRMATION_NEEDED (details.expected: the text to type)
 */
export const checkTry = (
  token: FoundToken,
  who: Who,
  confirmation: string | undefined,
  expected = typedText(token.info),
): void => {
  const state = pinState(token.info, who);
  const where = placeOf(token);
  if (state.state === "locked")
    throw failure("PIN_LOCKED", {
      where,
      message: `The ${pinName[who]} is locked. The module was not asked.`,
      remedy: wayOut[who],
      details: { state: state.state },
    });
  if (state.state === "final try" && confirmation !== expected)
    throw failure("CONFIRMATION_NEEDED", {
      where,
      message: `${state.words} Nothing was tried yet.`,
      remedy: `If you are sure of the PIN, type ${JSON.stringify(expected)} as confirmation.`,
      details: { expected, state: state.state },
    });
};

/** Return values that tell of the PIN itself. */
const aboutThePin = new Set([
  "CKR_PIN_INCORRECT",
  "CKR_PIN_LEN_RANGE",
  "CKR_PIN_INVALID",
  "CKR_PIN_LOCKED",
  "CKR_PIN_EXPIRED",
]);

/**
 * Makes one try. If the module refuses, the flags are read anew and the error says what they say now.
 * @param what for the error's place, e.g. "C_Login as user".
 */
export const tryOnce = <T>(library: Library, token: FoundToken, who: Who, what: string, call: () => T): T => {
  try {
    return call();
  } catch (thrown) {
    const rv = returnValueOf(thrown);
    const data = toErrorData(thrown, `${what}, ${placeOf(token)}`);
    if (!rv || !aboutThePin.has(rv)) throw new Failure(data);
    throw new Failure(withStateNow(library, token, who, data));
  }
};

/** Flags that say nothing must not be read as tries to spare; where no PIN was looked at there is nothing to say. */
const stateWords = (now: PinState, rv: string | undefined): string[] => {
  if (now.state !== "set" && now.state !== "not set" && now.state !== "on the reader") return [now.words];
  return rv === "CKR_PIN_INCORRECT" ? ["The token's flags do not tell whether tries are used up."] : [];
};

const withStateNow = (library: Library, token: FoundToken, who: Who, data: ErrorData): ErrorData => {
  let now: PinState;
  try {
    now = pinState(library.p11.C_GetTokenInfo(token.slot), who);
  } catch {
    return { ...data, message: `${data.message} The PIN's state could not be read afterwards.` };
  }
  const locked = now.state === "locked" || data.rv === "CKR_PIN_LOCKED";
  // The way out is the remedy: it is not said twice.
  const words = locked ? [`The ${pinName[who]} is locked.`] : stateWords(now, data.rv);
  const code = locked ? "PIN_LOCKED" : data.rv === "CKR_PIN_LEN_RANGE" ? "PIN_LENGTH" : data.code;
  return {
    ...data,
    code,
    message: [data.message, ...words].join(" "),
    remedy: locked ? wayOut[who] : data.remedy,
    details: { ...data.details, state: locked ? "locked" : now.state },
  };
};
