import { z } from "zod";
import { request } from "./declare.ts";
import { errorData } from "./errors.ts";
import { objectRow, written } from "./objects.ts";
import { address, base64, hex, objectRef, password } from "./shared.ts";

/** What a CA sent back: a file's bytes or pasted text, or a file that replyPreview keeps open. */
const reply = {
  fileName: z.string(),
  content: base64.optional().meta({ title: "The reply's bytes; absent with `opened`" }),
  opened: z.string().optional().meta({ title: "From replyPreview with `keepOpen`" }),
  password: password("Password of the file"),
};

/** How it is known to which key a certificate belongs, the strongest first. Names never count. */
export const keyProof = z.enum([
  "signature", // a signature made by the key just now fits the certificate
  "private key", // the private key shows the same public key bytes
  "public key", // a public key object has them; the private key has its CKA_ID
  "certificate", // so has a certificate
]);

export const replyCertificate = z.object({
  index: z.number().int(),
  /** `own`: for a key on this token. `issuer`: signed one of the others. `other`: neither. */
  role: z.enum(["own", "issuer", "other"]),
  selfIssued: z.boolean(),
  subject: z.string(),
  issuer: z.string(),
  serialNumber: z.string(),
  notBefore: z.string().nullable(),
  notAfter: z.string().nullable(),
  keyWords: z.string(),
  sha256: hex,
  /** As it would be written: those of its key, or for an issuer its common name and key identifier. */
  label: z.string(),
  id: hex,
  key: objectRef.nullable(),
  proof: keyProof.nullable(),
  proofWords: z.string(),
  /** The very same certificate on the token. */
  alreadyThere: objectRef.nullable(),
  /** Other certificates on the token for the same key, newest first. */
  sameKey: z.array(objectRow),
  warnings: z.array(z.string()),
  /** Why it cannot be written; null if it can. */
  refused: z.string().nullable(),
});
export type ReplyCertificate = z.infer<typeof replyCertificate>;

export const replyRequests = {
  replyPreview: request({
    summary:
      "What a CA sent back (PEM, DER, PKCS#7, PKCS#12, a bundle or pasted text): whose key it is for, its chain in order.",
    runs: "host",
    limitSeconds: 120,
    input: z.object({
      ...address,
      ...reply,
      /** Keep it open for the write, so that a password need not be given again. */
      keepOpen: z.boolean().default(false),
      /** Let keys that do not show their public key sign random bytes, to find the one that the certificate is for. */
      prove: z.boolean().default(false),
    }),
    output: z.object({
      format: z.string(),
      opened: z.string().nullable(),
      /** The own certificate first, then its issuers up to the root, then what belongs to neither. */
      certificates: z.array(replyCertificate),
      /** How far the chain reaches, and what is missing. */
      chain: z.object({ complete: z.boolean(), words: z.string() }),
      /** Private keys that do not show their public key, so that only a signature would tell: see `prove`. */
      untold: z.array(objectRef),
      warnings: z.array(z.string()),
    }),
  }),
  replyWrite: request({
    summary:
      "Writes certificates of a reply, all or none: reads them back, and only then deletes those that they replace.",
    runs: "host",
    changes: true,
    limitSeconds: 300,
    input: z.object({
      ...address,
      ...reply,
      prove: z.boolean().default(false),
      certificates: z
        .array(
          z.strictObject({
            index: z.number().int(),
            label: z.string().max(1000).optional(),
            id: hex.optional(),
            /** What becomes of certificates that are there for the same key. */
            existing: z.enum(["refuse", "add", "replace"]).default("refuse"),
            /** With `replace`: which ones, as replyPreview showed them. */
            replaces: z.array(objectRef).default([]),
          }),
        )
        .min(1),
    }),
    output: z.object({
      written: z.array(written),
      /** Certificates that were replaced, with their bytes: they can be written back. */
      replaced: z.array(z.object({ object: objectRef, content: base64 })),
      /** An old certificate that could not be deleted; the new one is there. */
      failed: z.object({ object: objectRef, error: errorData }).nullable(),
    }),
    progress: z.object({ done: z.number(), of: z.number() }),
    leftUndone: ({ failed }) => failed !== null,
  }),
};
