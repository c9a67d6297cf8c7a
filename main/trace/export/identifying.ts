/** What of a record tells whose token, key or computer it is from. What cannot be told apart for certain is in here. */

/** Attributes, and what they are called in the export's report. Certificates hold names and serial numbers. */
const attributes: [RegExp, string][] = [
  [/^CKA_(LABEL|APPLICATION|UNIQUE_ID)$/, "label"],
  [/^CKA_(SERIAL_NUMBER)$/, "serial number"],
  [/^CKA_(SUBJECT|ISSUER|AC_ISSUER|OWNER)$/, "distinguished name"],
  [/^CKA_(URL|OTP_USER_IDENTIFIER|OTP_SERVICE_IDENTIFIER|OTP_SERVICE_LOGO)$/, "label"],
  [/^CKA_(ID|OBJECT_ID|CHECK_VALUE|HASH_OF_\w+_PUBLIC_KEY)$/, "identifier"],
  [/^CKA_(VALUE|ATTR_TYPES|MODULUS|EC_POINT|PUBLIC_KEY_INFO|PRIME|BASE|SUBPRIME)$/, "certificate or public key"],
];

/** Members of information structures and of our recordings' headers. */
const members: [RegExp, string][] = [
  [/^(label|slotDescription)$/, "label"],
  [/^serialNumber$/, "serial number"],
  [/^(exe|argv0?|module|cwd|path|file|dll|library)$/, "path"],
  [/^(user|host|hostname)$/, "label"],
];

const named = (table: [RegExp, string][], name: string): string | null =>
  table.find(([pattern]) => pattern.test(name))?.[1] ?? null;

export const identifyingAttribute = (name: string): string | null => named(attributes, name);
export const identifyingMember = (name: string): string | null => named(members, name);

/** Arguments and members that are slot IDs. */
export const isSlot = (name: string): boolean => /^\*?(slotID|pSlot|pSlotList(\[\d+\])?)$/.test(name);

/** Whether the bytes of an attribute are text. */
export const isTextAttribute = (name: string): boolean => /^CKA_(LABEL|APPLICATION|UNIQUE_ID|URL)$/.test(name);

/** Paths of Unix and Windows in running text, with two folders or one and a file at least. Quadratic for no text. */
export const pathPattern = /(?<![\w/\\<])(?:~|\.{1,2}|[A-Za-z]:)?[/\\][^\s"'<>|*?:,;()[\]{}]{2,}/g;
