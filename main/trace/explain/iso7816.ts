/** Commands and status words of smart cards (ISO/IEC 7816-4 and -8), as APDUs in logs show them. */
export interface StatusWord {
  /** "63C2" */
  word: string;
  meaning: string;
  remedy: string;
  outcome: "ok" | "expected" | "warning" | "error";
  triesLeft: number | null;
}

/** Instruction bytes by their name in the standard. GlobalPlatform's and PIV's, where the standard leaves room. */
const instructions: ReadonlyMap<number, string> = new Map([
  [0x04, "DEACTIVATE FILE"],
  [0x0c, "ERASE RECORD"],
  [0x0e, "ERASE BINARY"],
  [0x0f, "ERASE BINARY"],
  [0x10, "PERFORM SCQL OPERATION"],
  [0x12, "PERFORM TRANSACTION OPERATION"],
  [0x14, "PERFORM USER OPERATION"],
  [0x20, "VERIFY"],
  [0x21, "VERIFY"],
  [0x22, "MANAGE SECURITY ENVIRONMENT"],
  [0x24, "CHANGE REFERENCE DATA"],
  [0x25, "CHANGE REFERENCE DATA"],
  [0x26, "DISABLE VERIFICATION REQUIREMENT"],
  [0x28, "ENABLE VERIFICATION REQUIREMENT"],
  [0x2a, "PERFORM SECURITY OPERATION"],
  [0x2b, "PERFORM SECURITY OPERATION"],
  [0x2c, "RESET RETRY COUNTER"],
  [0x2d, "RESET RETRY COUNTER"],
  [0x44, "ACTIVATE FILE"],
  [0x46, "GENERATE ASYMMETRIC KEY PAIR"],
  [0x47, "GENERATE ASYMMETRIC KEY PAIR"],
  [0x50, "INITIALIZE UPDATE"],
  [0x70, "MANAGE CHANNEL"],
  [0x82, "EXTERNAL AUTHENTICATE"],
  [0x84, "GET CHALLENGE"],
  [0x86, "GENERAL AUTHENTICATE"],
  [0x87, "GENERAL AUTHENTICATE"],
  [0x88, "INTERNAL AUTHENTICATE"],
  [0xa0, "SEARCH BINARY"],
  [0xa1, "SEARCH BINARY"],
  [0xa2, "SEARCH RECORD"],
  [0xa4, "SELECT"],
  [0xb0, "READ BINARY"],
  [0xb1, "READ BINARY"],
  [0xb2, "READ RECORD"],
  [0xb3, "READ RECORD"],
  [0xc0, "GET RESPONSE"],
  [0xc2, "ENVELOPE"],
  [0xc3, "ENVELOPE"],
  [0xca, "GET DATA"],
  [0xcb, "GET DATA"],
  [0xd0, "WRITE BINARY"],
  [0xd1, "WRITE BINARY"],
  [0xd2, "WRITE RECORD"],
  [0xd6, "UPDATE BINARY"],
  [0xd7, "UPDATE BINARY"],
  [0xd8, "PUT KEY"],
  [0xda, "PUT DATA"],
  [0xdb, "PUT DATA"],
  [0xdc, "UPDATE RECORD"],
  [0xdd, "UPDATE RECORD"],
  [0xe0, "CREATE FILE"],
  [0xe2, "APPEND RECORD"],
  [0xe4, "DELETE FILE"],
  [0xe6, "TERMINATE DF"],
  [0xe8, "TERMINATE EF"],
  [0xf2, "GET STATUS"],
  [0xfe, "TERMINATE CARD USAGE"],
]);

/** @returns the command's name, null if the byte has no general meaning. */
export const instructionName = (ins: number): string | null => instructions.get(ins) ?? null;

type Row = readonly [
  pattern: RegExp,
  outcome: StatusWord["outcome"],
  meaning: (word: string) => string,
  remedy: string,
];

const lowByte = (word: string): number => Number.parseInt(word.slice(2), 16);
const driver = "A fault of the program or driver, or a card of another kind.";

/** The first row that fits counts. */
const rows: readonly Row[] = [
  [/^9000$/, "ok", () => "Done.", ""],
  [/^61/, "ok", (word) => `Done; ${lowByte(word) || 256} bytes wait to be fetched with GET RESPONSE.`, ""],
  [/^6281$/, "warning", () => "Part of the data may be damaged.", "Read again; look at reader and card."],
  [/^6282$/, "expected", () => "The file ended sooner than was asked for.", "Usual when a file is read to its end."],
  [/^6283$/, "warning", () => "The file is deactivated.", ""],
  [/^6285$/, "warning", () => "The file is in its final, terminated state.", ""],
  [/^62/, "warning", () => "A warning; nothing was changed.", ""],
  [
    /^6300$/,
    "error",
    () => "The check failed, for example a wrong PIN; the card does not tell how many tries are left.",
    "Look at the tries left before the next try.",
  ],
  [/^63C0$/, "error", () => "Wrong PIN, and no try is left: it is locked.", "Unblock it with the PUK or SO PIN."],
  [/^63C1$/, "error", () => "Wrong PIN: the last try is left.", "Do not guess. Another wrong PIN locks it."],
  [
    /^63C/,
    "error",
    (word) => `Wrong PIN: ${Number.parseInt(word.slice(3), 16)} tries left.`,
    "Look up the PIN before the next try.",
  ],
  [/^63/, "warning", () => "A warning; something was changed.", ""],
  [
    /^6400$/,
    "error",
    () => "The command was not carried out; nothing was changed. PIN pads answer so when nobody enters a PIN in time.",
    "",
  ],
  [/^6401$/, "error", () => "The entry on the PIN pad was cancelled.", ""],
  [/^64/, "error", () => "The command was not carried out; nothing was changed.", ""],
  [
    /^6581$/,
    "error",
    () => "The card could not write its memory.",
    "The card may be worn out: make a back-up of what can be read.",
  ],
  [/^65/, "error", () => "The command failed; something was changed.", ""],
  [/^66/, "error", () => "The command failed for reasons of security.", ""],
  [/^6700$/, "error", () => "The length is wrong.", driver],
  [/^6881$/, "error", () => "The card has no further logical channels.", ""],
  [/^6882$/, "error", () => "The card has no secure messaging.", ""],
  [/^68/, "error", () => "The card does not have what the class byte asks for.", driver],
  [/^6981$/, "error", () => "The command does not fit this kind of file.", driver],
  [
    /^6982$/,
    "error",
    () => "The card wants a login first.",
    "Verify the PIN that protects this; another program may have reset the card in between.",
  ],
  [/^6983$/, "error", () => "The PIN is locked after too many wrong tries.", "Unblock it with the PUK or SO PIN."],
  [
    /^6984$/,
    "error",
    () => "The PIN or key cannot be used, for example because it was never set.",
    "Set the PIN first, or unblock it.",
  ],
  [
    /^6985$/,
    "error",
    () => "The conditions for this are not met.",
    "Another command must come first, or the key has been used up or may not be used for this.",
  ],
  [/^6986$/, "error", () => "The command is not allowed: no file is selected.", driver],
  [/^6987$/, "error", () => "Data of secure messaging are missing.", "Open the encrypted channel again."],
  [/^6988$/, "error", () => "Data of secure messaging are wrong.", "Open the encrypted channel again."],
  [/^69/, "error", () => "The command is not allowed.", ""],
  [
    /^6A80$/,
    "error",
    () => "The data of the command are wrong.",
    "Check lengths, format and, for a new PIN, the card's rules for PINs.",
  ],
  [/^6A81$/, "error", () => "The card does not have this function.", ""],
  [
    /^6A82$/,
    "warning",
    () => "There is no such file or application.",
    "Usual while the driver looks what the card has.",
  ],
  [/^6A83$/, "warning", () => "There is no such record.", "Usual at the end of a list."],
  [/^6A84$/, "error", () => "There is no room left on the card.", "Delete what is no longer needed."],
  [/^6A86$/, "error", () => "The parameters P1 and P2 are wrong.", driver],
  [/^6A87$/, "error", () => "The length does not fit P1 and P2.", driver],
  [
    /^6A88$/,
    "warning",
    () => "There is no such data object, key or PIN.",
    "Usual while the driver looks what the card has.",
  ],
  [/^6A89$/, "error", () => "The file exists already.", "Delete it first or choose another name."],
  [/^6A/, "error", () => "The parameters or data are wrong.", driver],
  [
    /^6B00$/,
    "error",
    () => "The offset is beyond the end of the file.",
    "Usual when a file is read to its end in steps.",
  ],
  [
    /^6C/,
    "expected",
    (word) => `The length asked for is wrong; ${lowByte(word) || 256} is right. The program asks again with it.`,
    "",
  ],
  [
    /^6D00$/,
    "error",
    () => "The card does not know this command (INS).",
    "Another kind of card or application is selected.",
  ],
  [
    /^6E00$/,
    "error",
    () => "The card does not know this class of commands (CLA).",
    "Another kind of card or application is selected.",
  ],
  [/^6F/, "error", () => "The card failed without saying why.", "Take it out and insert it again."],
  [/^9[1-9A-F]/, "warning", () => "A status of the card's own; see its manual.", ""],
];

/** Instructions that compare a PIN: only with them 63Cx counts tries of a PIN. */
const emptyVerify = "Asked how many tries are left, without giving a PIN: ";

/**
 * @param word four hexadecimal digits, SW1 and SW2
 * @param question true if VERIFY carried no PIN: then 63Cx is an answer and no wrong PIN (ISO/IEC 7816-4, 11.6.6)
 * @returns null for anything that is no status word
 */
export const statusWord = (word: string, question = false): StatusWord | null => {
  const upper = word.toUpperCase();
  if (!/^[0-9A-F]{4}$/.test(upper)) return null;
  const row = rows.find(([pattern]) => pattern.test(upper));
  const tries = /^63C([0-9A-F])$/.exec(upper)?.[1];
  const triesLeft = tries === undefined ? (upper === "6983" ? 0 : null) : Number.parseInt(tries, 16);
  if (question && triesLeft !== null) {
    const few = triesLeft <= 1;
    return {
      word: upper,
      meaning: `${emptyVerify}${triesLeft}.`,
      remedy: "",
      outcome: few ? "warning" : "expected",
      triesLeft,
    };
  }
  if (row === undefined)
    return { word: upper, meaning: "A status of the card's own.", remedy: "", outcome: "error", triesLeft };
  const [, outcome, meaning, remedy] = row;
  return { word: upper, meaning: meaning(upper), remedy, outcome, triesLeft };
};
