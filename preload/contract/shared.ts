import { z } from "zod";

/** Values that several domains use. All of them are plain JSON. */

export const hex = z.string().regex(/^([0-9a-f]{2})*$/, "expected lower-case hexadecimal, two digits a byte");
export const base64 = z.base64();

/**
 * A PIN, SO PIN or password. The mark keeps such fields out of commands, logs and arguments: the command line
 * prompts for them or reads them from a file descriptor, and refuses them in its JSON.
 */
export const secret = (title: string) => z.string().min(1).max(255).meta({ title, writeOnly: true, secret: true });

/** A PIN, or null for "entered on the reader's own PIN pad" (CKF_PROTECTED_AUTHENTICATION_PATH). */
export const pin = (title: string) => secret(title).nullable().meta({ title, writeOnly: true, secret: true });

/** For keys with CKA_ALWAYS_AUTHENTICATE. */
export const pinForUse = {
  contextPin: pin("PIN for this use of the key").optional(),
  /** The text of tokens.pinPrompt, typed, where the PIN's last try is at stake. */
  confirmation: z.string().optional().meta({ title: "Typed confirmation" }),
};

/** A password for a file, absent when the file has none. */
export const password = (title: string) => secret(title).optional().meta({ title, writeOnly: true, secret: true });

/** Id of a kept module ("demo", "m-1a2b3c4d"); the command line also takes the library's path. */
export const moduleId = z.string().min(1).meta({ title: "Module id" });

/**
 * A token by what it says of itself. Slot numbers move (SoftHSM renumbers at C_InitToken), so `slot` is only a
 * hint that tells two tokens with the same serial and label apart, and addresses one that has neither yet.
 */
export const tokenRef = z.object({ serial: z.string(), label: z.string(), slot: z.number().int().optional() });
export type TokenRef = z.infer<typeof tokenRef>;

/** Module and token: the address that most requests need. */
export const address = { module: moduleId, token: tokenRef };

export const objectClasses = ["certificate", "publicKey", "privateKey", "secretKey", "data", "other"] as const;
export const objectClass = z.enum(objectClasses);
export type ObjectClass = z.infer<typeof objectClass>;

/**
 * An object. With `handle` exactly that object is meant, and class, label and id are what it must still be, or the
 * request fails (OBJECT_CHANGED). Without a handle the other three must fit exactly one object.
 */
export const objectRef = z.object({
  handle: z
    .string()
    .regex(/^0x[0-9a-f]+$/)
    .optional(),
  class: objectClass,
  label: z.string(),
  id: hex,
});
export type ObjectRef = z.infer<typeof objectRef>;

/**
 * What a private key may be used for: CKA_SIGN, CKA_DECRYPT, CKA_UNWRAP, CKA_DERIVE. For a public key, its other half:
 * CKA_VERIFY, CKA_ENCRYPT, CKA_WRAP.
 */
export const keyUse = z.enum(["sign", "decrypt", "unwrap", "derive"]);
export type KeyUse = z.infer<typeof keyUse>;

export const version = z.string().meta({ title: "major.minor" });
