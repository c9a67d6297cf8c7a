import { instructionName } from "../explain/iso7816.ts";

/** "VERIFY", or "0x5A" for an instruction without a name. @param command at least its first four bytes. */
export const commandName = (command: ArrayLike<number>): string => {
  const ins = command[1] ?? 0;
  // SmartCard-HSM: makes the card new, with both PINs in its body.
  if (command[0] === 0x80 && ins === 0x50 && command[2] === 0 && command[3] === 0) return "INITIALIZE DEVICE";
  return instructionName(ins) ?? `0x${ins.toString(16).padStart(2, "0").toUpperCase()}`;
};

/** Commands whose body is a PIN or PUK: VERIFY, CHANGE REFERENCE DATA, DISABLE/ENABLE VERIFICATION, RESET RETRY COUNTER. */
const pinInstructions: ReadonlySet<number> = new Set([0x20, 0x21, 0x24, 0x25, 0x26, 0x28, 0x2c, 0x2d]);

/** VERIFY without data asks how many tries are left (ISO/IEC 7816-4, 11.6.6). @param length of the whole command */
export const isTriesQuestion = (command: ArrayLike<number>, length: number): boolean =>
  length <= 5 && commandName(command) === "VERIFY";

export interface ApduParts {
  /** Length of the body, as the command says. */
  lc: number;
  /** Where the body begins, and where it ends; both the command's length if it has none. */
  from: number;
  to: number;
  /** Bytes asked for; null: none. */
  le: number | null;
}

/** Takes a command apart (ISO/IEC 7816-4, 5.1, short and extended lengths). */
export const commandParts = (command: ArrayLike<number>): ApduParts => {
  const { length } = command;
  const at = (i: number) => command[i] ?? 0;
  if (length <= 4) return { lc: 0, from: length, to: length, le: null };
  if (length === 5) return { lc: 0, from: 5, to: 5, le: at(4) || 256 };
  const isExtended = at(4) === 0 && length >= 7;
  if (isExtended && length === 7) return { lc: 0, from: 7, to: 7, le: at(5) * 256 + at(6) || 65536 };
  const lc = isExtended ? at(5) * 256 + at(6) : at(4);
  const from = isExtended ? 7 : 5;
  const to = Math.min(length, from + lc);
  const le = to === length ? null : isExtended ? at(to) * 256 + at(to + 1) || 65536 : at(to) || 256;
  return { lc, from, to, le };
};

/** @returns what of a command must not be shown: a place in its bytes and a word for it; null: all may. */
export const secretOfCommand = (command: ArrayLike<number>): { from: number; what: string } | null => {
  if (command.length <= 5) return null;
  const ins = command[1] ?? 0;
  // The whole body, whatever lengths it states: a damaged one must not show the rest.
  const from = command[4] === 0 && command.length > 7 ? 7 : 5;
  if (pinInstructions.has(ins) || commandName(command) === "INITIALIZE DEVICE") return { from, what: "APDU with PIN" };
  // PUT KEY, and PUT DATA of a private key (OpenPGP's extended header list 3FFF).
  if (ins === 0xd8) return { from, what: "private key" };
  if (ins === 0xdb && command[2] === 0x3f && command[3] === 0xff) return { from, what: "private key" };
  return null;
};

/** A response that holds plain text: what PSO DECIPHER brings back. */
export const isSecretResponse = (command: ArrayLike<number>): boolean =>
  command[1] === 0x2a && command[2] === 0x80 && command[3] === 0x86;
