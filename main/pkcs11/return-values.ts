import { returnValueTable } from "./return-values-table.ts";

/** What a return value means to the person in front of the token, and the way out. */
export interface Explanation {
  message: string;
  remedy: string;
}

export interface ReturnValue extends Explanation {
  value: number;
  name: string;
}

/** Every return value of PKCS#11 3.2, in the order of their numbers. */
export const returnValues: readonly ReturnValue[] = returnValueTable.map(([value, name, message, remedy]) => ({
  value,
  name,
  message,
  remedy,
}));

const byNumber = new Map(returnValues.map((entry) => [entry.value, entry]));
const byName = new Map(returnValues.map((entry) => [entry.name, entry]));

const vendorDefined = 0x80000000;
const vendorName = /^CKR_VENDOR_DEFINED\+0x([0-9a-f]+)$/i;

/** @returns the CKR name; "CKR_VENDOR_DEFINED+0x1" for a vendor's own; the number for one that is not in the standard. */
export const returnValueName = (value: number): string =>
  byNumber.get(value)?.name ??
  (value >= vendorDefined ? `CKR_VENDOR_DEFINED+0x${(value - vendorDefined).toString(16)}` : `0x${value.toString(16)}`);

/** The reverse of {@link returnValueName}, also for a bare number in hexadecimal or decimal. */
export const returnValueNumber = (text: string): number | null => {
  const vendor = vendorName.exec(text)?.[1];
  if (vendor !== undefined) return vendorDefined + Number.parseInt(vendor, 16);
  const known = byName.get(text)?.value;
  if (known !== undefined) return known;
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : null;
};

/** Where a value means something else than in general. The first row that fits both counts. */
const inContext: { name: string; where: RegExp; explanation: Partial<Explanation> }[] = [
  {
    name: "CKR_PIN_INCORRECT",
    where: /C_InitToken/,
    explanation: {
      message: "The SO PIN is not the one that this token was initialised with.",
      remedy:
        "To initialise a token again, its present SO PIN is needed. Look at the SO PIN's state before the next try: a locked SO PIN cannot be undone.",
    },
  },
  {
    name: "CKR_PIN_INCORRECT",
    where: /C_Login as SO|C_InitPIN/,
    explanation: {
      message: "The SO PIN is wrong.",
      remedy: "Look at the SO PIN's state before the next try: a locked SO PIN cannot be undone.",
    },
  },
  {
    name: "CKR_PIN_INCORRECT",
    where: /C_SetPIN/,
    explanation: { message: "The old PIN is wrong; nothing was changed." },
  },
  {
    name: "CKR_PIN_LEN_RANGE",
    where: /C_InitToken|C_InitPIN|C_SetPIN/,
    explanation: { message: "A PIN is too short or too long for this token; nothing was changed." },
  },
  {
    name: "CKR_USER_NOT_LOGGED_IN",
    where: /C_InitPIN/,
    explanation: {
      message: "The SO is not logged in.",
      remedy: "Give the SO PIN. If it was right, the device has no SO login and wants its vendor's tool for this.",
    },
  },
  {
    name: "CKR_USER_NOT_LOGGED_IN",
    where: /C_(Sign|Decrypt|Unwrap|Derive)/,
    explanation: {
      message: "The key cannot be used without a login.",
      remedy: "Log in as user. A key with CKA_ALWAYS_AUTHENTICATE wants the PIN again for each use.",
    },
  },
  {
    name: "CKR_USER_NOT_LOGGED_IN",
    where: /C_(CreateObject|GenerateKey|SetAttributeValue|DestroyObject|CopyObject)/,
    explanation: { message: "The token lets only a user who is logged in make or change this." },
  },
  {
    name: "CKR_SESSION_EXISTS",
    where: /C_InitToken/,
    explanation: { message: "The token cannot be initialised while sessions with it are open; nothing was done." },
  },
  {
    name: "CKR_SESSION_READ_ONLY",
    where: /C_Login as SO|C_InitPIN|C_SetPIN/,
    explanation: {
      message: "PINs can only be changed in a session that may write, and this token opened for reading only.",
      remedy: "The token or its reader is write protected.",
    },
  },
  {
    name: "CKR_FUNCTION_NOT_SUPPORTED",
    where: /C_InitToken/,
    explanation: {
      message: "This module cannot initialise tokens.",
      remedy: "Use the vendor's own tool to initialise the device, for example sc-hsm-tool, ykman or yubihsm-shell.",
    },
  },
  {
    name: "CKR_FUNCTION_NOT_SUPPORTED",
    where: /C_InitPIN|C_SetPIN/,
    explanation: { message: "This module cannot set PINs.", remedy: "Use the vendor's own tool to change the PIN." },
  },
  {
    name: "CKR_FUNCTION_NOT_SUPPORTED",
    where: /C_GenerateKey\b/,
    explanation: {
      message: "This module cannot generate secret keys on the token.",
      remedy: "SmartCard-HSM class devices do so only with their vendor's tools.",
    },
  },
  {
    name: "CKR_FUNCTION_NOT_SUPPORTED",
    where: /C_CreateObject/,
    explanation: {
      message: "This token does not take objects of this kind from outside.",
      remedy: "Keys are to be generated on the token, or brought in wrapped with the vendor's tool.",
    },
  },
  {
    name: "CKR_GENERAL_ERROR",
    where: /C_CreateObject/,
    explanation: {
      message: "The token refused the object without saying why.",
      remedy:
        "Devices that take no plain keys from outside answer so (SmartCard-HSM class, through OpenSC). Otherwise check the free memory and the attributes.",
    },
  },
  {
    name: "CKR_GENERAL_ERROR",
    where: /C_Initialize/,
    explanation: {
      message: "The module failed while it was starting.",
      remedy:
        "Its configuration file or variable is often missing (SOFTHSM2_CONF, for example), or its server or service is not running.",
    },
  },
  {
    name: "CKR_ARGUMENTS_BAD",
    where: /C_Initialize/,
    explanation: {
      message: "The module did not accept how it was started.",
      remedy: "NSS softokn and some others need an initialisation string; give it with the module.",
    },
  },
  {
    name: "CKR_ATTRIBUTE_READ_ONLY",
    where: /C_CreateObject|C_GenerateKey|C_UnwrapKey/,
    explanation: {
      message: "An attribute was given that only the token itself may set.",
      remedy: "Leave it out.",
    },
  },
  {
    name: "CKR_TEMPLATE_INCONSISTENT",
    where: /C_SetAttributeValue|C_CopyObject/,
    explanation: {
      message: "The object cannot have this value beside its other attributes.",
      remedy: "CKA_SENSITIVE can only become true and CKA_EXTRACTABLE only false, never back.",
    },
  },
];

/**
 * @param rv CKR name, or a number as text for one that has no name.
 * @param where what was being done, with the function's name; some values mean something else there.
 */
export const explainReturnValue = (rv: string, where: string): Explanation => {
  const value = returnValueNumber(rv);
  const entry = value === null ? undefined : byNumber.get(value);
  if (!entry) return value !== null && value >= vendorDefined ? vendor(value) : unknown(rv);
  const special = inContext.find((row) => row.name === entry.name && row.where.test(where));
  return { message: entry.message, remedy: entry.remedy, ...special?.explanation };
};

const vendor = (value: number): Explanation => ({
  message: `The module answered with a value of its vendor's own (0x${value.toString(16)}).`,
  remedy: "Only the vendor's documentation says what it means.",
});

const unknown = (rv: string): Explanation => ({
  message: `The module answered with a value that PKCS#11 does not define (${rv}).`,
  remedy: "It is a fault of the module, or a value of a newer version of the standard. See the module's documentation.",
});
