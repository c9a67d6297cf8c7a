import type { TokenRef } from "../../preload/contract/shared.ts";

/** How other programs are told which token is meant. */
export interface WhichToken {
  /** --token-label or --slot; nothing where nothing selects a token, or no command may be shown. */
  pkcs11Tool: string[];
  /** The slot in which other programs find the token now, as far as is known. */
  slot: number | undefined;
  /** Fields of a URI, empty where they are not known; `slotId` only where the others fit several tokens. */
  uri: { serial: string; label: string; slotId?: number };
  /** What a reader of the command has to know; null if it selects this token and will do so later. */
  note: string | null;
  /** True if no command may be shown, since it could mean another token; the note says why. */
  none: boolean;
}

/** What is known of a module's tokens. */
export interface KnownTokens {
  /** All of them, null if they are not known. */
  tokens?: readonly TokenRef[] | null;
  /**
   * SoftHSM: a token that was initialised in a running process keeps its old slot there, while every other process
   * has it in the slot that its serial number says (SoftHSM 2, SlotManager.cpp).
   */
  slotsBySerial?: boolean;
}

type PartOfRef = { [F in keyof TokenRef]?: TokenRef[F] | undefined };

/** The slot in which another program finds a token. */
const slotElsewhere = ({ slotsBySerial }: KnownTokens, { serial, slot }: PartOfRef): number | undefined => {
  const digits = /[0-9a-f]{8}$/.exec(serial ?? "")?.[0];
  return slotsBySerial && digits ? Number.parseInt(digits, 16) & 0x7fffffff : slot;
};

export const slotsMove =
  "A slot number is that of now: readers change theirs, and SoftHSM does at every initialisation.";

/**
 * pkcs11-tool takes the first token whose label begins with the text of --token-label (OpenSC 0.23). So a token is
 * named by its label only where that is known to fit no other; otherwise by its slot.
 * @param ref as far as the input has it
 */
export const whichToken = (module: KnownTokens, ref: PartOfRef | undefined): WhichToken => {
  const seen = module.tokens ?? null;
  const uri = { serial: ref?.serial ?? "", label: spelt(ref?.label ?? "") };
  if (!ref || (!ref.label && !ref.serial && ref.slot === undefined))
    return { pkcs11Tool: [], slot: undefined, uri, note: nothingSelects, none: false };
  const fitting = (seen ?? []).filter(
    (token) => (ref.serial ?? token.serial) === token.serial && (ref.label ?? token.label) === token.label,
  );
  const token = fitting.length === 1 ? fitting[0] : fitting.find(({ slot }) => slot === ref.slot);
  if (seen && !token)
    return { pkcs11Tool: [], slot: undefined, uri, note: fitting.length > 1 ? twoFit : gone, none: true };
  const slot = slotElsewhere(module, token ?? ref);
  const label = spelt(ref.label ?? token?.label ?? "");
  const only = label !== "" && seen?.filter((other) => other.label.startsWith(label)).length === 1;
  const exact = { ...uri, ...(slot === undefined || tells(uri, seen) ? {} : { slotId: slot }) };
  if (only) return { pkcs11Tool: ["--token-label", label], slot, uri: exact, note: null, none: false };
  if (slot !== undefined)
    return { pkcs11Tool: ["--slot", String(slot)], slot, uri: exact, note: slotsMove, none: false };
  return label === ""
    ? { pkcs11Tool: [], slot, uri: exact, note: nothingSelects, none: false }
    : { pkcs11Tool: [], slot, uri: exact, note: firstLabelFits, none: true };
};

/** Whether serial and label, in a URI where each may be absent, fit one token only. */
const tells = ({ serial, label }: WhichToken["uri"], seen: readonly TokenRef[] | null): boolean =>
  (serial !== "" || label !== "") &&
  (seen === null ||
    seen.filter((token) => (serial || token.serial) === token.serial && (label || token.label) === token.label)
      .length === 1);

/** A label with escapes (\x00, \n) is not the token's own spelling, by which other programs would find it. */
const spelt = (label: string): string => (label.includes("\\") ? "" : label);

const nothingSelects =
  "Nothing here selects a token, so pkcs11-tool takes the first one that it finds: add --slot with a number of --list-slots.";
const firstLabelFits =
  "pkcs11-tool takes the first token whose label begins so, and the module's tokens are not known here, so no command is shown: it could reach another one. Give the token with its slot (`tokens.slots` lists them).";
const twoFit =
  "Several tokens have this serial and label. Without the slot no command can say which one is meant, so none is shown.";
const gone = "The token is not there now, so no command is shown: it could reach another one.";
