import type { TokenInfo, Version } from "pkcs11js";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { decodeFlags, hasFlag, tokenFlags } from "../pkcs11/names-tokens.ts";
import { showPadded } from "../pkcs11/text.ts";
import { tokenUri } from "../pkcs11/uri.ts";
import { pinState } from "./pin-state.ts";

const flag = {
  writeProtected: 0x2,
  loginRequired: 0x4,
  clock: 0x40,
  pinPad: 0x100,
  initialised: 0x400,
} as const;

export const hasPinPad = (flags: number): boolean => hasFlag(flags, flag.pinPad);
export const isInitialised = (flags: number): boolean => hasFlag(flags, flag.initialised);

export const versionText = ({ major, minor }: Version): string => `${major}.${minor}`;

/** What the window shows of a token. @param info as C_GetTokenInfo gave it just now. */
export const tokenRow = (slotId: number, info: TokenInfo, login: TokenRow["login"]): TokenRow => {
  const label = showPadded(info.label);
  const serial = showPadded(info.serialNumber);
  const { flags } = info;
  return {
    ref: { serial, label, slot: slotId },
    serial,
    label,
    manufacturer: showPadded(info.manufacturerID),
    model: showPadded(info.model),
    flags: decodeFlags(flags, tokenFlags),
    initialised: isInitialised(flags),
    writeProtected: hasFlag(flags, flag.writeProtected),
    loginRequired: hasFlag(flags, flag.loginRequired),
    pinPad: hasPinPad(flags),
    userPin: pinState(info, "user"),
    soPin: pinState(info, "so"),
    pinLength: { min: info.minPinLen, max: info.maxPinLen },
    memory: {
      publicTotal: reported(info.totalPublicMemory),
      publicFree: reported(info.freePublicMemory),
      privateTotal: reported(info.totalPrivateMemory),
      privateFree: reported(info.freePrivateMemory),
    },
    sessions: {
      open: reported(info.sessionCount),
      max: reported(info.maxSessionCount),
      readWriteOpen: reported(info.rwSessionCount),
      readWriteMax: reported(info.maxRwSessionCount),
    },
    hardwareVersion: versionText(info.hardwareVersion),
    firmwareVersion: versionText(info.firmwareVersion),
    utcTime: hasFlag(flags, flag.clock) ? utcTime(info.utcTime) : null,
    login,
    uri: tokenUri({
      token: info.label,
      serial: info.serialNumber,
      manufacturer: info.manufacturerID,
      model: info.model,
    }),
  };
};

/**
 * A number of CK_TOKEN_INFO, or null for CK_UNAVAILABLE_INFORMATION, which is all ones in 64 or, from modules that
 * are built or think in 32, in 32 bits. pkcs11js gives memory sizes as BigInt, whatever its types say.
 */
export const reported = (value: number | bigint): number | null => {
  const number = BigInt(value);
  return number === 0xffffffffn || number === 0xffffffffffffffffn ? null : Number(number);
};

/** @param text CK_TOKEN_INFO.utcTime, "YYYYMMDDhhmmss00". @returns ISO 8601, or null if it is no time. */
export const utcTime = (text: string): string | null => {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return Number.isNaN(Date.parse(iso)) ? null : iso;
};
