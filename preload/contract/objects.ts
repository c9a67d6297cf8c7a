import { z } from "zod";
import { type Domain, event, request } from "./declare.ts";
import { errorData } from "./errors.ts";
import { address, base64, hex, keyUse, moduleId, objectClass, objectRef, password, tokenRef } from "./shared.ts";

export const objectRow = z.object({
  handle: z.string(),
  class: objectClass,
  /** CKO_ name, also for classes that the app has no word for. */
  className: z.string(),
  /** Characters that cannot be shown are escaped (\n, \x00, \xff); `labelHex` then has the bytes. */
  label: z.string(),
  labelHex: hex.nullable(),
  id: hex,
  /** RSA, EC, Ed25519, X25519, AES, generic ...; for certificates that of the public key inside. */
  keyType: z.string().nullable(),
  /** Bits: modulus, curve field or secret key length. */
  size: z.number().nullable(),
  curve: z.string().nullable(),
  /** Words for what is set: private, sensitive, extractable, sign, always-authenticate ... */
  flags: z.array(z.string()),
  /** RFC 4514 subject and issuer of a certificate. */
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  serialNumber: z.string().nullable(),
  notBefore: z.string().nullable(),
  notAfter: z.string().nullable(),
  /** CKA_APPLICATION of a data object. */
  application: z.string().nullable(),
  /** False for a session object, which is gone when the session ends. */
  onToken: z.boolean(),
  private: z.boolean(),
  modifiable: z.boolean(),
  /** The device's own key (SmartCard-HSM class: CKA_ID of 20 zero bytes); not to be deleted by accident. */
  devicesOwn: z.boolean(),
  /** Attributes that the module would not give, with the CKR name. */
  unreadable: z.array(z.object({ attribute: z.string(), rv: z.string() })),
  uri: z.string(),
});
export type ObjectRow = z.infer<typeof objectRow>;

export const attributeRow = z.object({
  attribute: z.number(),
  name: z.string(),
  /** What the standard says of it in one line. */
  about: z.string(),
  /** Raw value; null if it could not be read. Never a secret or private key's value. */
  hex: hex.nullable(),
  length: z.number().nullable(),
  /** The value for people. */
  decoded: z.string(),
  /** CKR name if it is not readable. */
  rv: z.string().nullable(),
  kind: z.enum(["boolean", "number", "text", "bytes", "date", "integer", "oid", "list", "name", "secret"]),
  /** Whether C_SetAttributeValue may be tried for it (the standard allows it and the object is modifiable). */
  editable: z.boolean(),
});
export type AttributeRow = z.infer<typeof attributeRow>;

const object = objectRef;
const label = z.string().max(1000);

/** One thing found in a file that could be written to a token. */
export const importItem = z.object({
  index: z.number().int(),
  kind: z.enum(["certificate", "publicKey", "privateKey"]),
  summary: z.string(),
  keyType: z.string().nullable(),
  size: z.number().nullable(),
  curve: z.string().nullable(),
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  notAfter: z.string().nullable(),
  sha256: z.string().nullable(),
  /** Proposed, from the matching key on the token, from the file, or the SHA-1 of the public key. */
  label: z.string(),
  id: hex,
  /** Key on the token with the same public key bytes (never matched by name). */
  matches: objectRef.nullable(),
  matchWords: z.string(),
  /** Object that is already on the token with the same bytes. */
  alreadyThere: objectRef.nullable(),
  /** Objects of the same class that already have that CKA_ID. */
  idTaken: z.array(objectRef),
  /** What a key of this kind can be for; empty for certificates. */
  uses: z.array(keyUse),
  /** Proposed of these: by the key usage of its certificate in the file or on the token, or by the kind of key. */
  usage: z.array(keyUse),
  usageWhy: z.string(),
  warnings: z.array(z.string()),
  offered: z.boolean(),
  notOfferedWhy: z.string().nullable(),
});
export type ImportItem = z.infer<typeof importItem>;

/** A file: its bytes, or one that importPreview keeps open. */
const file = {
  fileName: z.string(),
  content: base64.optional().meta({ title: "The file's bytes; absent with `opened`" }),
  opened: z.string().optional().meta({ title: "From importPreview with `keepOpen`" }),
  password: password("Password of the file"),
};

export const written = z.object({
  object: objectRow,
  /** Attributes compared after the write. */
  compared: z.array(z.string()),
  warnings: z.array(z.string()),
});

export const objects = {
  requests: {
    list: request({
      summary: "All objects that can be seen now. With `stream`, rows come as progress and not in the reply.",
      runs: "host",
      limitSeconds: 300,
      input: z.object({ ...address, stream: z.boolean().default(false) }),
      output: z.object({
        rows: z.array(objectRow),
        count: z.number().int(),
        /** Private objects are listed only after login. */
        privateIncluded: z.boolean(),
        milliseconds: z.number(),
      }),
      progress: z.object({ rows: z.array(objectRow) }),
    }),
    attributes: request({
      summary: "Every attribute that the object's class knows, read one by one if needed; unreadable ones say why.",
      runs: "host",
      limitSeconds: 60,
      input: z.object({ ...address, object }),
      output: z.object({ object: objectRow, attributes: z.array(attributeRow) }),
    }),
    set: request({
      summary: "C_SetAttributeValue, then reads back and compares. Attributes by name (CKA_LABEL) or number (0x3).",
      runs: "host",
      changes: true,
      input: z.object({
        ...address,
        object,
        changes: z.array(z.strictObject({ attribute: z.string(), hex })).min(1),
        /** Go on although another object of the class has that CKA_ID or label. */
        allowDuplicate: z.boolean().default(false),
      }),
      output: written,
    }),
    copy: request({
      summary: "C_CopyObject with another label (and CKA_ID).",
      runs: "host",
      changes: true,
      input: z.object({ ...address, object, label, id: hex.optional(), allowDuplicate: z.boolean().default(false) }),
      output: written,
    }),
    deletePreview: request({
      summary: "Reads anew what would be deleted; says what depends on it and what must be typed.",
      runs: "host",
      input: z.object({ ...address, objects: z.array(object).min(1) }),
      output: z.object({
        rows: z.array(objectRow),
        warnings: z.array(z.string()),
        /** Text to be typed: for several objects, a private or secret key, or a device's own object. Names the token. */
        confirmation: z.string().nullable(),
      }),
    }),
    delete: request({
      summary: "C_DestroyObject by handle, each object read again before. Stops at the first failure.",
      runs: "host",
      changes: true,
      limitSeconds: 600,
      input: z.object({ ...address, objects: z.array(object).min(1), confirmation: z.string().optional() }),
      output: z.object({
        deleted: z.array(objectRef),
        failed: z.object({ object: objectRef, error: errorData }).nullable(),
      }),
      progress: z.object({ done: z.number(), of: z.number() }),
      leftUndone: ({ failed }) => failed !== null,
    }),
    importPreview: request({
      summary:
        "What a file holds (PEM, DER, PKCS#7, PKCS#8, PKCS#1, SEC1, PKCS#12, OpenSSH public key), and how it fits the token.",
      runs: "host",
      input: z.object({
        ...address,
        ...file,
        /** Keep it open for a write, so that its password need not be given (and kept by the caller) again. */
        keepOpen: z.boolean().default(false),
      }),
      output: z.object({
        format: z.string(),
        items: z.array(importItem),
        warnings: z.array(z.string()),
        /** Names the file for `opened`; the token host closes it ten minutes after its last use. */
        opened: z.string().nullable(),
      }),
    }),
    importClose: request({
      summary: "Closes a file that importPreview keeps open, and zeroes its private bytes.",
      runs: "host",
      input: z.object({ module: moduleId, opened: z.string() }),
      output: z.object({}),
    }),
    import: request({
      summary: "Writes chosen items of a file as token objects; each is read back and compared.",
      runs: "host",
      changes: true,
      limitSeconds: 300,
      input: z.object({
        ...address,
        ...file,
        items: z
          .array(
            z.strictObject({
              index: z.number().int(),
              label: label.optional(),
              id: hex.optional(),
              /** CKA_SENSITIVE and CKA_EXTRACTABLE of a private key. */
              sensitive: z.boolean().default(true),
              extractable: z.boolean().default(false),
              /** What a key may be used for, and nothing else; the proposal of the preview if absent. */
              usage: z.array(keyUse).optional(),
            }),
          )
          .min(1),
        allowDuplicate: z.boolean().default(false),
      }),
      output: z.object({ written: z.array(written) }),
      progress: z.object({ done: z.number(), of: z.number() }),
    }),
    writeData: request({
      summary: "Writes a data object.",
      runs: "host",
      changes: true,
      input: z.object({
        ...address,
        label,
        application: z.string().max(1000).default(""),
        objectId: z
          .string()
          .regex(/^([0-2](\.\d+)+)?$/)
          .default("")
          .meta({ title: "CKA_OBJECT_ID, dotted" }),
        content: base64,
        private: z.boolean().default(true),
        allowDuplicate: z.boolean().default(false),
      }),
      output: written,
    }),
    writeSecretKey: request({
      summary: "Writes a secret key whose bytes are known (AES or generic).",
      runs: "host",
      changes: true,
      input: z.object({
        ...address,
        keyType: z.enum(["AES", "generic"]),
        value: secretHex(),
        label,
        id: hex.optional(),
        sensitive: z.boolean().default(true),
        extractable: z.boolean().default(false),
        allowDuplicate: z.boolean().default(false),
      }),
      output: written,
    }),
    read: request({
      summary:
        "Reads out public material: certificate or public key as PEM, DER or OpenSSH line, data object as it is.",
      runs: "host",
      input: z.object({ ...address, object, format: z.enum(["pem", "der", "openssh", "raw"]) }),
      output: z.object({ fileName: z.string(), mediaType: z.string(), content: base64, text: z.string().nullable() }),
    }),
    inventory: request({
      summary: "The object table as CSV or JSON.",
      runs: "host",
      limitSeconds: 300,
      input: z.object({ ...address, format: z.enum(["csv", "json"]) }),
      output: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string(), count: z.number().int() }),
    }),
  },
  events: {
    changed: event(
      "Objects of a token were written, changed or deleted through the app.",
      z.object({ module: moduleId, token: tokenRef }),
    ),
  },
} satisfies Domain;

function secretHex() {
  return hex.min(2).max(1024).meta({ title: "Key bytes, hexadecimal", writeOnly: true, secret: true });
}
