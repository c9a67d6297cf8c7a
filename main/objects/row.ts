import type { ObjectRow } from "../../preload/contract/objects.ts";
import { attributeName, CKA } from "../pkcs11/attributes.ts";
import { ulongValue } from "../pkcs11/handles.ts";
import { certificateTypeName, keyTypeName, objectClassName, objectClassWord } from "../pkcs11/object-names.ts";
import { showText } from "../pkcs11/text.ts";
import { uriOfObject } from "../pkcs11/uri.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { keyFacts } from "./key-facts.ts";
import type { AttributeValues } from "./read-attributes.ts";

const storage = [CKA.CLASS, CKA.TOKEN, CKA.PRIVATE, CKA.MODIFIABLE, CKA.LABEL];

/**
 * Attributes that a row needs, by CKO_ number. What a key type adds comes from key-facts.ts. Only what practically every
 * module has: one that it does not have costs a call more for each object.
 */
const templates: Record<number, readonly number[]> = {
  0: [...storage, CKA.APPLICATION],
  1: [...storage, CKA.ID, CKA.CERTIFICATE_TYPE, CKA.VALUE],
  2: [...storage, CKA.ID, CKA.KEY_TYPE, CKA.LOCAL, CKA.ENCRYPT, CKA.VERIFY, CKA.VERIFY_RECOVER, CKA.WRAP, CKA.DERIVE],
  3: [
    ...storage,
    CKA.ID,
    CKA.KEY_TYPE,
    CKA.SENSITIVE,
    CKA.EXTRACTABLE,
    CKA.ALWAYS_SENSITIVE,
    CKA.NEVER_EXTRACTABLE,
    CKA.LOCAL,
    CKA.SIGN,
    CKA.SIGN_RECOVER,
    CKA.DECRYPT,
    CKA.UNWRAP,
    CKA.DERIVE,
    CKA.ALWAYS_AUTHENTICATE,
  ],
  4: [
    ...storage,
    CKA.ID,
    CKA.KEY_TYPE,
    CKA.SENSITIVE,
    CKA.EXTRACTABLE,
    CKA.ALWAYS_SENSITIVE,
    CKA.NEVER_EXTRACTABLE,
    CKA.LOCAL,
    CKA.ENCRYPT,
    CKA.DECRYPT,
    CKA.SIGN,
    CKA.VERIFY,
    CKA.WRAP,
    CKA.UNWRAP,
    CKA.DERIVE,
  ],
  // Not storage objects (PKCS#11 3.2, 4.3, 4.5, 4.9): they have no label and are not private.
  5: [CKA.CLASS],
  7: [CKA.CLASS],
  9: [CKA.CLASS],
  10: [CKA.CLASS],
};

/** Attributes for the row of an object of this class. @param objectClass CKO_ number, or null if it cannot be read */
export const rowTemplate = (objectClass: number | null): readonly number[] =>
  (objectClass === null ? undefined : templates[objectClass]) ?? storage;

const flagWords: readonly (readonly [number, string])[] = [
  [CKA.PRIVATE, "private"],
  [CKA.SENSITIVE, "sensitive"],
  [CKA.ALWAYS_SENSITIVE, "always-sensitive"],
  [CKA.EXTRACTABLE, "extractable"],
  [CKA.NEVER_EXTRACTABLE, "never-extractable"],
  [CKA.ALWAYS_AUTHENTICATE, "always-authenticate"],
  [CKA.LOCAL, "local"],
  [CKA.SIGN, "sign"],
  [CKA.SIGN_RECOVER, "sign-recover"],
  [CKA.VERIFY, "verify"],
  [CKA.VERIFY_RECOVER, "verify-recover"],
  [CKA.ENCRYPT, "encrypt"],
  [CKA.DECRYPT, "decrypt"],
  [CKA.WRAP, "wrap"],
  [CKA.UNWRAP, "unwrap"],
  [CKA.DERIVE, "derive"],
];

const uriTypes = {
  certificate: "cert",
  publicKey: "public",
  privateKey: "private",
  secretKey: "secret-key",
  data: "data",
} as const;

/** SmartCard-HSM class devices list a key pair of their own under a CKA_ID of 20 zero bytes, in every initialised token. */
const devicesOwnId = "00".repeat(20);

/**
 * Makes the row of an object from what could be read of it. Nothing is guessed: what is missing is empty or null, and
 * named in `unreadable`.
 * @param handle as "0x..." text. @param tokenUri RFC 7512 URI of the token
 */
export const objectRow = (handle: string, read: AttributeValues, tokenUri: string): ObjectRow => {
  const { values, failures } = read;
  const number = (type: number) => ulongOf(values.get(type));
  const yes = (type: number) => (values.get(type)?.[0] ?? 0) !== 0;
  const classNumber = number(CKA.CLASS);
  const word = objectClassWord(classNumber);
  const labelBytes = values.get(CKA.LABEL) ?? Buffer.alloc(0);
  const label = showText(labelBytes);
  const id = values.get(CKA.ID) ?? Buffer.alloc(0);
  const idHex = id.toString("hex");
  const onToken = values.has(CKA.TOKEN) ? yes(CKA.TOKEN) : true;
  const modifiable = values.has(CKA.MODIFIABLE) ? yes(CKA.MODIFIABLE) : word !== "other";
  const flags: string[] = [];
  for (const [type, flag] of flagWords) if (yes(type)) flags.push(flag);
  if (!onToken) flags.push("session object");
  if (!modifiable) flags.push("not modifiable");
  const application = values.get(CKA.APPLICATION);
  return {
    handle,
    class: word,
    className: classNumber === null ? "class not readable" : objectClassName(classNumber),
    label: label.text,
    labelHex: label.exact ? null : labelBytes.toString("hex"),
    id: idHex,
    ...keyPart(values),
    ...certificatePart(word, values, flags),
    flags,
    application: application ? showText(application).text : null,
    onToken,
    private: yes(CKA.PRIVATE),
    modifiable,
    devicesOwn: idHex === devicesOwnId,
    unreadable: [...failures].map(([type, rv]) => ({ attribute: attributeName(type), rv })),
    uri: uriOfObject(tokenUri, {
      ...(label.exact ? { object: label.text } : {}),
      id,
      ...(word === "other" ? {} : { type: uriTypes[word] }),
    }),
  };
};

const ulongOf = (value: Buffer | undefined): number | null => (value ? ulongValue(value) : null);

const keyPart = (values: ReadonlyMap<number, Buffer>): Pick<ObjectRow, "keyType" | "size" | "curve"> => {
  const type = ulongOf(values.get(CKA.KEY_TYPE));
  if (type === null) return { keyType: null, size: null, curve: null };
  const { keyType, bits, curve } = keyFacts(keyTypeName(type), values);
  return { keyType, size: bits, curve };
};

type CertificatePart = Pick<ObjectRow, "subject" | "issuer" | "serialNumber" | "notBefore" | "notAfter"> &
  Partial<Pick<ObjectRow, "keyType" | "size" | "curve">>;

const noCertificate: CertificatePart = {
  subject: null,
  issuer: null,
  serialNumber: null,
  notBefore: null,
  notAfter: null,
};

/** @param flags gets a word where the value is not what the class promises */
const certificatePart = (
  word: ObjectRow["class"],
  values: ReadonlyMap<number, Buffer>,
  flags: string[],
): CertificatePart => {
  const value = values.get(CKA.VALUE);
  if (word !== "certificate" || !value) return noCertificate;
  const type = ulongOf(values.get(CKA.CERTIFICATE_TYPE)) ?? 0;
  if (type !== 0) {
    flags.push(certificateTypeName(type));
    return noCertificate;
  }
  const facts = certificateFacts(value);
  if (facts) return facts;
  flags.push("value is not a certificate");
  return noCertificate;
};
