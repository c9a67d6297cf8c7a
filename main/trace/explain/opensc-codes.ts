/** OpenSC's own return codes (libopensc/errors.h): negative numbers in groups of a hundred. */
export interface OpenscCode {
  code: number;
  name: string;
  /** What it means, in plain words. */
  meaning: string;
  remedy: string;
}

const reader = "Look at the reader and the card: plug in again, or try another reader or cable.";
const module_ = "Look at the lines before this one: they tell which card command or file it was.";
const wrongCard = "Check that the card is supported, and that its application is installed on it.";

type Row = readonly [code: number, name: string, meaning: string, remedy?: string];

const rows: readonly Row[] = [
  [0, "SC_SUCCESS", "It succeeded."],
  [-1100, "SC_ERROR_READER", "The reader failed without saying why.", reader],
  [-1101, "SC_ERROR_NO_READERS_FOUND", "There is no reader.", "Plug the reader in; check that pcscd is running."],
  [-1102, "SC_ERROR_SLOT_NOT_FOUND", "The reader has no such slot.", reader],
  [-1103, "SC_ERROR_SLOT_ALREADY_CONNECTED", "The reader's slot is connected already."],
  [-1104, "SC_ERROR_CARD_NOT_PRESENT", "There is no card in the reader.", "Insert the card."],
  [-1105, "SC_ERROR_CARD_REMOVED", "The card was removed while it was used.", "Insert it again and start over."],
  [
    -1106,
    "SC_ERROR_CARD_RESET",
    "Another program reset the card; its login is gone.",
    "Log in again. If it comes often, find the other program that uses the card.",
  ],
  [-1107, "SC_ERROR_TRANSMIT_FAILED", "The command did not reach the card, or its answer did not come back.", reader],
  [-1108, "SC_ERROR_KEYPAD_TIMEOUT", "No PIN was entered on the PIN pad in time.", "Enter it sooner."],
  [-1109, "SC_ERROR_KEYPAD_CANCELLED", "The entry on the PIN pad was cancelled.", "Do it again if it is still wanted."],
  [-1110, "SC_ERROR_KEYPAD_PIN_MISMATCH", "The new PIN was not the same both times.", "Enter it again."],
  [-1111, "SC_ERROR_KEYPAD_MSG_TOO_LONG", "The text for the PIN pad's display is too long."],
  [-1112, "SC_ERROR_EVENT_TIMEOUT", "No card came or went in the time that was waited."],
  [
    -1113,
    "SC_ERROR_CARD_UNRESPONSIVE",
    "The card gives no answer.",
    "Take it out, look which way round it goes in, clean its contacts.",
  ],
  [-1114, "SC_ERROR_READER_DETACHED", "The reader was unplugged.", "Plug it in again."],
  [-1115, "SC_ERROR_READER_REATTACHED", "The reader was plugged in again; the connection is a new one.", "Start over."],
  [
    -1116,
    "SC_ERROR_READER_LOCKED",
    "Another program holds the reader for itself.",
    "End the other program; gpg-agent's scdaemon is a usual one.",
  ],
  [-1200, "SC_ERROR_CARD_CMD_FAILED", "The card refused the command.", "The status word of the answer tells why."],
  [
    -1201,
    "SC_ERROR_FILE_NOT_FOUND",
    "The card has no such file.",
    "Harmless where the program only looks whether it is there.",
  ],
  [-1202, "SC_ERROR_RECORD_NOT_FOUND", "The file has no such record.", "Harmless at the end of a list of records."],
  [-1203, "SC_ERROR_CLASS_NOT_SUPPORTED", "The card does not know this class of commands (CLA).", wrongCard],
  [-1204, "SC_ERROR_INS_NOT_SUPPORTED", "The card does not know this command (INS).", wrongCard],
  [-1205, "SC_ERROR_INCORRECT_PARAMETERS", "The card does not take the command's parameters.", module_],
  [-1206, "SC_ERROR_WRONG_LENGTH", "The command's length is wrong.", module_],
  [
    -1207,
    "SC_ERROR_MEMORY_FAILURE",
    "The card could not write its memory.",
    "The card may be worn out: make a back-up of what can be read.",
  ],
  [-1208, "SC_ERROR_NO_CARD_SUPPORT", "The card cannot do this.", "Use another mechanism or card."],
  [
    -1209,
    "SC_ERROR_NOT_ALLOWED",
    "The card does not allow this now.",
    "It may need a login, another order of commands, or it was decided when the card was set up.",
  ],
  [-1210, "SC_ERROR_INVALID_CARD", "This is not a card that the driver can handle.", wrongCard],
  [
    -1211,
    "SC_ERROR_SECURITY_STATUS_NOT_SATISFIED",
    "The card wants a login first.",
    "Log in with the PIN that protects this. Other programs may have logged it out.",
  ],
  [
    -1212,
    "SC_ERROR_AUTH_METHOD_BLOCKED",
    "The PIN is locked after too many wrong tries.",
    "Unblock it with the PUK or SO PIN.",
  ],
  [-1213, "SC_ERROR_UNKNOWN_DATA_RECEIVED", "The card's answer is not what was expected.", wrongCard],
  [-1214, "SC_ERROR_PIN_CODE_INCORRECT", "The PIN or key is wrong.", "Look at the tries left before the next try."],
  [
    -1215,
    "SC_ERROR_FILE_ALREADY_EXISTS",
    "The file is on the card already.",
    "Delete it first, or choose another name or ID.",
  ],
  [
    -1216,
    "SC_ERROR_DATA_OBJECT_NOT_FOUND",
    "The card has no such data object.",
    "Harmless where the program only looks whether it is there.",
  ],
  [-1217, "SC_ERROR_NOT_ENOUGH_MEMORY", "There is no room left on the card.", "Delete what is no longer needed."],
  [-1218, "SC_ERROR_CORRUPTED_DATA", "Part of what the card gave may be damaged.", reader],
  [
    -1219,
    "SC_ERROR_FILE_END_REACHED",
    "The file ended sooner than was asked for.",
    "Harmless where the program reads until the end.",
  ],
  [
    -1220,
    "SC_ERROR_REF_DATA_NOT_USABLE",
    "The PIN or key cannot be used, for example because it was never set.",
    "Set the PIN first, or unblock it.",
  ],
  [
    -1300,
    "SC_ERROR_INVALID_ARGUMENTS",
    "OpenSC was called with arguments that make no sense.",
    "Report it with these lines.",
  ],
  [
    -1303,
    "SC_ERROR_BUFFER_TOO_SMALL",
    "The room for the answer is too small.",
    "Programs then ask again with more room.",
  ],
  [
    -1304,
    "SC_ERROR_INVALID_PIN_LENGTH",
    "The PIN is too short or too long; the card was not asked.",
    "Look at the token's PIN lengths.",
  ],
  [-1305, "SC_ERROR_INVALID_DATA", "The data cannot be right.", module_],
  [-1400, "SC_ERROR_INTERNAL", "Something went wrong inside OpenSC.", "Report it with these lines."],
  [-1401, "SC_ERROR_INVALID_ASN1_OBJECT", "A structure on the card is not valid ASN.1.", wrongCard],
  [
    -1402,
    "SC_ERROR_ASN1_OBJECT_NOT_FOUND",
    "A part that must be in a structure is missing.",
    "Harmless where the part is optional.",
  ],
  [-1403, "SC_ERROR_ASN1_END_OF_CONTENTS", "A structure ended: no more entries.", "Harmless at the end of a list."],
  [-1404, "SC_ERROR_OUT_OF_MEMORY", "There is no memory left on this computer."],
  [-1405, "SC_ERROR_TOO_MANY_OBJECTS", "There are more objects than OpenSC can list."],
  [-1406, "SC_ERROR_OBJECT_NOT_VALID", "The object cannot be used.", module_],
  [
    -1407,
    "SC_ERROR_OBJECT_NOT_FOUND",
    "There is no such object.",
    "Harmless where the program only looks whether it is there.",
  ],
  [
    -1408,
    "SC_ERROR_NOT_SUPPORTED",
    "OpenSC cannot do this with this card.",
    "While it looks for a card driver, this is normal.",
  ],
  [-1409, "SC_ERROR_PASSPHRASE_REQUIRED", "The file needs a password.", "Give it."],
  [-1410, "SC_ERROR_INCONSISTENT_CONFIGURATION", "OpenSC's configuration contradicts itself.", "Look at opensc.conf."],
  [-1411, "SC_ERROR_DECRYPT_FAILED", "The data could not be decrypted.", "Check key and data."],
  [
    -1412,
    "SC_ERROR_WRONG_PADDING",
    "The decrypted data have no right padding: wrong key or damaged data.",
    "Check key and data.",
  ],
  [
    -1413,
    "SC_ERROR_WRONG_CARD",
    "This is not a card for that driver.",
    "While OpenSC looks for the right driver, this is normal.",
  ],
  [
    -1414,
    "SC_ERROR_CANNOT_LOAD_MODULE",
    "A library that belongs to OpenSC's configuration cannot be loaded.",
    "Look at opensc.conf and install it.",
  ],
  [-1415, "SC_ERROR_OFFSET_TOO_LARGE", "The file is larger than this way of reading reaches."],
  [-1416, "SC_ERROR_NOT_IMPLEMENTED", "OpenSC has not built this in."],
  [-1417, "SC_ERROR_INVALID_TLV_OBJECT", "A simple TLV structure on the card is not valid.", wrongCard],
  [
    -1418,
    "SC_ERROR_TLV_END_OF_CONTENTS",
    "A simple TLV structure ended: no more entries.",
    "Harmless at the end of a list.",
  ],
  [-1500, "SC_ERROR_PKCS15INIT", "Setting up the card failed.", module_],
  [-1501, "SC_ERROR_SYNTAX_ERROR", "The profile for setting up the card has a mistake.", "Look at the profile file."],
  [
    -1502,
    "SC_ERROR_INCONSISTENT_PROFILE",
    "The profile for setting up the card does not fit the card or is not complete.",
    "Use the profile of this card.",
  ],
  [-1503, "SC_ERROR_INCOMPATIBLE_KEY", "The card does not take this type or size of key.", "Choose another key."],
  [-1504, "SC_ERROR_NO_DEFAULT_KEY", "The card's transport key is not known.", "Give the key that its vendor names."],
  [-1505, "SC_ERROR_NON_UNIQUE_ID", "Another object has this ID.", "Choose another ID."],
  [
    -1506,
    "SC_ERROR_CANNOT_LOAD_KEY",
    "Key and certificates could not be loaded from the file.",
    "Check the file and its password.",
  ],
  [-1508, "SC_ERROR_TEMPLATE_NOT_FOUND", "The profile has no template for this file.", "Use the profile of this card."],
  [
    -1509,
    "SC_ERROR_INVALID_PIN_REFERENCE",
    "The card has no PIN with this number.",
    "Look at the card's list of PINs.",
  ],
  [
    -1510,
    "SC_ERROR_FILE_TOO_SMALL",
    "The file on the card is too small for this.",
    "It was set up for less; use another one.",
  ],
  [-1600, "SC_ERROR_SM", "Secure messaging (the encrypted channel to the card) failed.", module_],
  [-1601, "SC_ERROR_SM_ENCRYPT_FAILED", "A command could not be encrypted for the card.", module_],
  [-1602, "SC_ERROR_SM_INVALID_LEVEL", "The level of secure messaging is not one that is known."],
  [-1603, "SC_ERROR_SM_NO_SESSION_KEYS", "The encrypted channel has no keys.", "Open it again."],
  [-1604, "SC_ERROR_SM_INVALID_SESSION_KEY", "The encrypted channel's keys are wrong.", "Open it again."],
  [-1605, "SC_ERROR_SM_NOT_INITIALIZED", "The encrypted channel was not opened."],
  [
    -1606,
    "SC_ERROR_SM_AUTHENTICATION_FAILED",
    "The card did not prove itself, or refused to.",
    "Check the CAN or key for the channel.",
  ],
  [-1607, "SC_ERROR_SM_RAND_FAILED", "No random numbers could be made for the channel."],
  [
    -1608,
    "SC_ERROR_SM_KEYSET_NOT_FOUND",
    "The card has no such set of keys for the channel.",
    "Check the configuration of secure messaging.",
  ],
  [-1609, "SC_ERROR_SM_IFD_DATA_MISSING", "Data for the channel are missing."],
  [-1610, "SC_ERROR_SM_NOT_APPLIED", "The command went without the channel.", "Normal for commands that need none."],
  [-1611, "SC_ERROR_SM_SESSION_ALREADY_ACTIVE", "The channel is open already."],
  [-1612, "SC_ERROR_SM_INVALID_CHECKSUM", "The checksum of an answer is wrong.", "Open the channel again."],
  [-1900, "SC_ERROR_UNKNOWN", "OpenSC does not know this error.", module_],
  [-1901, "SC_ERROR_PKCS15_APP_NOT_FOUND", "The card has no PKCS#15 application that OpenSC can read.", wrongCard],
];

const byCode = new Map<number, OpenscCode>(
  rows.map(([code, name, meaning, remedy = ""]) => [code, { code, name, meaning, remedy }]),
);

/** All codes, from 0 down. */
export const openscCodes: readonly OpenscCode[] = [...byCode.values()];

/** @param code as the log shows it, negative: -1214. */
export const openscCode = (code: number): OpenscCode | null => byCode.get(code) ?? null;

/** Codes that are usual on the way of a working program: ends of lists, optional files, drivers that do not fit. */
const harmless: ReadonlySet<number> = new Set([
  -1112, -1201, -1202, -1216, -1219, -1402, -1403, -1407, -1408, -1413, -1418, -1610,
]);
export const openscCodeIsHarmless = (code: number): boolean => harmless.has(code);
