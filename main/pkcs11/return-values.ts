/** What a return value means to the person in front of the token, and the way out. */
export interface Explanation {
  message: string;
  remedy: string;
}

const table: Record<string, Explanation> = {
  CKR_PIN_INCORRECT: {
    message: "The PIN is wrong.",
    remedy: "Look at the PIN state before the next try: every wrong PIN may use one up.",
  },
  CKR_PIN_LOCKED: {
    message: "The PIN is locked after too many wrong tries.",
    remedy:
      "Set a new user PIN with the SO PIN. A locked SO PIN can only be undone by the vendor's reset, which wipes the token.",
  },
  CKR_DEVICE_REMOVED: {
    message: "The device was removed while it was being used.",
    remedy: "Insert it again. What was finished before is on the token.",
  },
  CKR_TOKEN_NOT_PRESENT: { message: "There is no token in the slot.", remedy: "Insert the token." },
};

const unknown: Explanation = {
  message: "The module refused the call.",
  remedy: "See the return value's name in the module's documentation.",
};

/** @param rv CKR name or number. @param _where what was being done; some values mean something else there. */
export const explainReturnValue = (rv: string, _where: string): Explanation => table[rv] ?? unknown;
