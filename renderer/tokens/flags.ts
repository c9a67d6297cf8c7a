/**
 * Flag bits in the words in which main gives them ("login required"), as PKCS#11 writes them and in plain words
 * (PKCS#11 3.2, CK_SLOT_INFO, CK_TOKEN_INFO, CK_MECHANISM_INFO).
 */
export interface Flag {
  /** "CKF_LOGIN_REQUIRED"; a bit without a name as its number. */
  name: string;
  /** What it means. */
  words: string;
}

/** @param word as main gives it: the CKF name without its prefix in lower-case words, or a number. */
export const flagOf = (word: string): Flag =>
  /^0x/.test(word)
    ? { name: word, words: "not in the standard" }
    : { name: `CKF_${word.toUpperCase().replaceAll(" ", "_")}`, words: meanings[word] ?? word };

/** What a mechanism is used for, apart from what else its flags tell of it. */
export const mechanismFlags = (flags: readonly string[]): { uses: string[]; properties: Flag[] } => ({
  uses: flags.filter((word) => !(word in properties)),
  properties: flags.filter((word) => word in properties).map(flagOf),
});

const properties: Record<string, string> = {
  hw: "done by the device itself",
  "ec f p": "curves over prime fields",
  "ec f 2m": "curves over binary fields",
  "ec ecparameters": "curve given by its parameters",
  "ec oid": "curve given by its OID",
  "ec uncompress": "uncompressed points",
  "ec compress": "compressed points",
  "ec curvename": "curve given by its name",
  extension: "has an extension",
};

const meanings: Record<string, string> = {
  ...properties,
  "token present": "a token is in the slot",
  "removable device": "the token can be taken out",
  "hw slot": "a hardware reader",
  rng: "has a random number generator",
  "write protected": "nothing can be written to it",
  "login required": "some things need a login",
  "user pin initialized": "a user PIN is set",
  "restore key not needed": "saved states need no keys to go on",
  "clock on token": "has a clock",
  "protected authentication path": "PINs are entered on the reader",
  "dual crypto operations": "two operations at once in a session",
  "token initialized": "has been initialised",
  "secondary authentication": "keys with PINs of their own (old)",
  "user pin count low": "some tries for the user PIN are used up",
  "user pin final try": "one try is left for the user PIN",
  "user pin locked": "the user PIN is locked",
  "user pin to be changed": "the user PIN must be changed",
  "so pin count low": "some tries for the SO PIN are used up",
  "so pin final try": "one try is left for the SO PIN",
  "so pin locked": "the SO PIN is locked",
  "so pin to be changed": "the SO PIN must be changed",
  "error state": "a self-test failed",
  "seed random required": "the random number generator wants a seed first",
  "async session supported": "asynchronous sessions",
};
