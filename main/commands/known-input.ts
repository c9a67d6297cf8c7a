import { z } from "zod";
import { certificateProfile, signatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { keySpec } from "../../preload/contract/keys.ts";
import { keyUse, objectRef, tokenRef } from "../../preload/contract/shared.ts";

const optional = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined);
const text = optional(z.string());
const flag = optional(z.boolean());
/** With what objects.list says of a key, which decides how it signs. */
const object = objectRef.partial().extend({ keyType: z.string().nullish(), curve: z.string().nullish() });

/**
 * The fields of all requests that a command line can say, none of them needed: a dialog asks for the command before
 * it is filled in. Secret fields are not among them, so they cannot get into a command.
 */
export const knownInput = z.object({
  module: text,
  token: optional(tokenRef.partial()),
  who: optional(z.enum(["user", "so"])),
  object: optional(object),
  objects: optional(z.array(object)),
  key: optional(object),
  issuer: optional(object),
  spec: optional(keySpec.partial()),
  items: optional(
    z.array(
      z.object({
        index: z.number(),
        /** Known after a preview; without it the kind is seen from the file. */
        kind: optional(z.enum(["certificate", "publicKey", "privateKey"])),
        label: text,
        id: text,
        sensitive: flag,
        extractable: flag,
        usage: optional(z.array(keyUse)),
      }),
    ),
  ),
  changes: optional(z.array(z.object({ attribute: z.string(), hex: z.string() }))),
  certificates: optional(z.array(z.object({ label: text, id: text, replaces: optional(z.array(object)) }))),
  fileName: text,
  content: text,
  label: text,
  id: text,
  application: text,
  objectId: text,
  private: flag,
  keyType: optional(z.enum(["AES", "generic"])),
  sensitive: flag,
  extractable: flag,
  format: text,
  subject: text,
  days: optional(z.number()),
  ca: flag,
  algorithm: optional(signatureAlgorithm),
  profile: optional(certificateProfile.partial()),
  path: text,
});
export type KnownInput = z.infer<typeof knownInput>;
