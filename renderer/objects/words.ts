import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectClass, ObjectRef } from "../../preload/contract/shared.ts";
import { countWords } from "../ui/words.ts";

/** How the classes are called on screen, in the order in which they are shown. */
export const classWords: Record<ObjectClass, { one: string; many: string; order: number }> = {
  privateKey: { one: "Private key", many: "Private keys", order: 0 },
  publicKey: { one: "Public key", many: "Public keys", order: 1 },
  certificate: { one: "Certificate", many: "Certificates", order: 2 },
  secretKey: { one: "Secret key", many: "Secret keys", order: 3 },
  data: { one: "Data object", many: "Data objects", order: 4 },
  other: { one: "Other object", many: "Other objects", order: 5 },
};

/** "private key", or the CKO_ name where there is no word. */
export const classWord = (row: ObjectRow): string =>
  row.class === "other" ? row.className : classWords[row.class].one.toLowerCase();

/** What stands in place of a label: an empty one is not the same as one that the module does not give. */
export const noLabelWords = ({ unreadable }: ObjectRow): string =>
  unreadable.some(({ attribute }) => attribute === "CKA_LABEL") ? "label not readable" : "no label";

/** How an object is called in sentences: private key "signing". */
export const objectTitle = (row: ObjectRow): string =>
  `${classWord(row)} ${row.label ? `"${row.label}"` : "without label"}`;

export const refTitle = (ref: ObjectRef): string =>
  `${classWords[ref.class].one.toLowerCase()} ${ref.label ? `"${ref.label}"` : "without label"}`;

/** What a request needs to find exactly this object again, and to notice if it has become another one. */
export const refOf = ({ handle, class: objectClass, label, id }: ObjectRow): ObjectRef => ({
  handle,
  class: objectClass,
  label,
  id,
});

/** The same with what decides how a key signs, for the commands of other programs. */
export const keyOf = (row: ObjectRow) => ({ ...refOf(row), keyType: row.keyType, curve: row.curve });

/** "RSA 2048", "EC P-256", "Ed25519"; empty for what has no key. */
export const keyWords = ({ keyType, size, curve }: Pick<ObjectRow, "keyType" | "size" | "curve">): string => {
  if (!keyType) return "";
  const detail = curve && curve !== keyType ? curve : curve ? "" : (size ?? "");
  return `${keyType} ${detail}`.trim();
};

/** "2 private keys, 1 certificate". @param counts by class; those that are not named count as none */
export const countsWords = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(classWords)
    .map(([name, { one, many }]) => {
      const count = counts[name] ?? 0;
      return count === 0 ? "" : countWords(count, one.toLowerCase(), many.toLowerCase());
    })
    .filter(Boolean)
    .join(", ");

export const classCounts = (rows: ObjectRow[]): string => {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row.class] = (counts[row.class] ?? 0) + 1;
  return countsWords(counts);
};

/** "8 ms", "1.3 s". */
export const durationWords = (milliseconds: number): string =>
  milliseconds < 100 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

export interface FlagBadge {
  text: string;
  look?: "warn" | "danger" | "accent";
  title: string;
}

/** What deserves attention comes first, then what the key may be used for. */
const flagBadges: Record<string, Omit<FlagBadge, "text"> & { text?: string }> = {
  "session object": { look: "warn", title: "CKA_TOKEN is false: it is gone when the session ends" },
  extractable: { look: "warn", title: "CKA_EXTRACTABLE: the key can leave the token" },
  "value is not a certificate": {
    text: "not X.509",
    look: "danger",
    title: "CKA_VALUE cannot be read as an X.509 certificate",
  },
  "always-authenticate": {
    text: "PIN each use",
    look: "accent",
    title: "CKA_ALWAYS_AUTHENTICATE: the PIN is asked for at each use",
  },
  trusted: { look: "accent", title: "CKA_TRUSTED" },
  sign: { title: "CKA_SIGN" },
  decrypt: { title: "CKA_DECRYPT" },
  unwrap: { title: "CKA_UNWRAP" },
  derive: { title: "CKA_DERIVE" },
  verify: { title: "CKA_VERIFY" },
  encrypt: { title: "CKA_ENCRYPT" },
  wrap: { title: "CKA_WRAP" },
  "not modifiable": { title: "CKA_MODIFIABLE is false" },
};

/** Characters of two badges that fit side by side into the table's column. */
const badgeRoom = 13;

/** The badges that fit into the table's column whole: the first, and a second if both are short. The rest is counted. */
export const fittingBadges = (badges: FlagBadge[]): FlagBadge[] => {
  const [first, second] = badges;
  const both = first && second && first.text.length + second.text.length <= badgeRoom;
  return badges.slice(0, both ? 2 : 1);
};

/** The few flags that are shown as badges; all of them are in the row's title. */
export const badgesOf = (row: ObjectRow): FlagBadge[] => {
  const badges: FlagBadge[] = [];
  if (row.devicesOwn)
    badges.push({
      text: "device's own",
      look: "accent",
      title: "The device made this key for itself. Do not delete it.",
    });
  const secret = row.class === "privateKey" || row.class === "secretKey";
  const unknown = row.unreadable.some(({ attribute }) => attribute === "CKA_SENSITIVE");
  if (secret && !unknown && !row.flags.includes("sensitive"))
    badges.push({
      text: "not sensitive",
      look: "warn",
      title: "CKA_SENSITIVE is false: the value can be read in plain",
    });
  for (const [flag, badge] of Object.entries(flagBadges))
    if (row.flags.includes(flag)) badges.push({ text: flag, ...badge });
  return badges;
};

export interface Expiry {
  state: "none" | "valid" | "soon" | "expired" | "not yet";
  words: string;
}

const day = 86_400_000;
/** Days before the end of a certificate from which the table and the viewer warn. */
export const soonDays = 30;
/** Milliseconds by which the issuer's clock may be ahead of this one before a new certificate counts as not yet valid. */
const clockSkew = 30_000;

/** @param now milliseconds */
export const expiryOf = ({ notBefore, notAfter }: Pick<ObjectRow, "notBefore" | "notAfter">, now: number): Expiry => {
  if (!notAfter) return { state: "none", words: "" };
  const date = notAfter.slice(0, 10);
  const left = Date.parse(notAfter) - now;
  if (left < 0) return { state: "expired", words: `expired ${date}` };
  if (notBefore && Date.parse(notBefore) > now + clockSkew)
    return { state: "not yet", words: `from ${notBefore.slice(0, 10)}` };
  const days = Math.floor(left / day);
  if (days < 1) return { state: "soon", words: "within a day" };
  if (days <= soonDays) return { state: "soon", words: `in ${countWords(days, "day")}` };
  return { state: "valid", words: date };
};
