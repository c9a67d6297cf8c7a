import type { Handle, TokenInfo } from "pkcs11js";
import type { SlotRow, TokenRow } from "../../preload/contract/tokens.ts";
import { returnValueOf, toErrorData } from "../pkcs11/failure.ts";
import { handleNumber } from "../pkcs11/handles.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { decodeFlags, hasFlag, slotFlags } from "../pkcs11/names-tokens.ts";
import { showPadded } from "../pkcs11/text.ts";
import { tokenRow, versionText } from "./token-row.ts";

const removable = 0x2;
const hardware = 0x4;

/** Every slot of the module. What goes wrong with one slot is told in its row and hides no other. */
export const slotRows = (library: Library): SlotRow[] => library.slotHandles().map((slot) => slotRow(library, slot));

const slotRow = (library: Library, slot: Handle): SlotRow => {
  const slotId = Number(handleNumber(slot));
  const row: SlotRow = { ...nothingKnown, slot: slotId };
  try {
    const info = library.p11.C_GetSlotInfo(slot);
    row.description = showPadded(info.slotDescription);
    row.manufacturer = showPadded(info.manufacturerID);
    row.hardwareVersion = versionText(info.hardwareVersion);
    row.firmwareVersion = versionText(info.firmwareVersion);
    row.flags = decodeFlags(info.flags, slotFlags);
    row.removable = hasFlag(info.flags, removable);
    row.hardware = hasFlag(info.flags, hardware);
    const token = tokenIn(library, slot);
    row.token = token && tokenRow(slotId, token, library.loginState(slotId));
  } catch (thrown) {
    row.error = toErrorData(thrown, `slot ${slotId}`);
  }
  return row;
};

/** @returns null for an empty slot only. What the module does not recognise is there, and told as an error. */
const tokenIn = (library: Library, slot: Handle): TokenInfo | null => {
  try {
    return library.p11.C_GetTokenInfo(slot);
  } catch (thrown) {
    if (returnValueOf(thrown) === "CKR_TOKEN_NOT_PRESENT") return null;
    throw thrown;
  }
};

const nothingKnown: SlotRow = {
  slot: 0,
  description: "",
  manufacturer: "",
  hardwareVersion: "0.0",
  firmwareVersion: "0.0",
  flags: [],
  removable: false,
  hardware: false,
  token: null,
  error: null,
};

/** A token's row, read anew. */
export const rowNow = (library: Library, token: FoundToken): TokenRow =>
  tokenRow(token.slotId, library.p11.C_GetTokenInfo(token.slot), library.loginState(token.slotId));
