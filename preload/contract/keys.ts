import { z } from "zod";
import { type Domain, request } from "./declare.ts";
import { objectRow } from "./objects.ts";
import { address, hex, objectRef, pinForUse } from "./shared.ts";

export const keyKinds = ["RSA", "EC", "Ed25519", "X25519", "AES", "generic"] as const;
export const keyKind = z.enum(keyKinds);
export type KeyKind = z.infer<typeof keyKind>;

export const presetNames = ["sign", "tlsClient", "ca", "decrypt", "wrap", "agree", "secret"] as const;
export const presetName = z.enum(presetNames);
export type PresetName = z.infer<typeof presetName>;

const preset = z.object({
  name: presetName,
  title: z.string(),
  /** What a key made this way can and cannot do, in plain words. */
  words: z.string(),
});

export const keyOffer = z.object({
  kind: keyKind,
  title: z.string(),
  /** RSA modulus bits, AES and generic key bits; empty for curves. */
  sizes: z.array(z.number()),
  /** Curve names for EC. */
  curves: z.array(z.string()),
  mechanism: z.string(),
  presets: z.array(preset),
});
export type KeyOffer = z.infer<typeof keyOffer>;

export const keySpec = z.strictObject({
  kind: keyKind,
  size: z.number().int().optional(),
  curve: z.string().optional(),
  preset: presetName,
  label: z.string().min(1).max(1000),
  /** Own CKA_ID; without it the SHA-1 of the RSA modulus or EC point is used (random bytes for a secret key). */
  id: hex.max(510).optional(),
  sensitive: z.boolean().default(true),
  extractable: z.boolean().default(false),
  alwaysAuthenticate: z.boolean().default(false),
  /** Go on although the label or CKA_ID is used already. */
  allowDuplicate: z.boolean().default(false),
});
export type KeySpec = z.infer<typeof keySpec>;

const templateRow = z.object({ name: z.string(), value: z.string(), why: z.string() });

export const testSignature = z.object({
  mechanism: z.string(),
  /** Verified in software with the public key read from the token. */
  verified: z.boolean(),
  milliseconds: z.number(),
});

export const keys = {
  requests: {
    offer: request({
      summary: "What this token can generate, from its mechanism list.",
      runs: "host",
      input: z.object(address),
      output: z.object({
        kinds: z.array(keyOffer),
        notOffered: z.array(z.object({ kind: z.string(), why: z.string() })),
      }),
    }),
    plan: request({
      summary: "The templates that a generation would use, and what speaks against it. Changes nothing.",
      runs: "host",
      input: z.object({ ...address, spec: keySpec }),
      output: z.object({
        mechanism: z.string(),
        publicTemplate: z.array(templateRow),
        privateTemplate: z.array(templateRow),
        warnings: z.array(z.string()),
        /** Objects that already have the label or the CKA_ID. */
        taken: z.array(objectRef),
      }),
    }),
    generate: request({
      summary:
        "Generates a key pair or secret key on the token, sets the CKA_ID on both halves, makes and checks a test signature. Other requests go on meanwhile. PKCS#11 cannot cancel a generation: one may stop waiting, or restart the module, and then has to look whether keys were made.",
      runs: "host",
      changes: true,
      limitSeconds: 900,
      input: z.object({ ...address, spec: keySpec }),
      output: z.object({
        publicKey: objectRow.nullable(),
        key: objectRow,
        id: hex,
        milliseconds: z.number(),
        /** null with the reason in `testNote` where the key cannot sign. */
        test: testSignature.nullable(),
        testNote: z.string(),
        warnings: z.array(z.string()),
      }),
      progress: z.object({ step: z.string(), seconds: z.number() }),
    }),
    testSignature: request({
      summary:
        "Signs random bytes with a private key and checks the signature in software. Asks for the PIN again for always-authenticate keys.",
      runs: "host",
      limitSeconds: 120,
      input: z.object({ ...address, object: objectRef, ...pinForUse }),
      output: testSignature,
    }),
  },
  events: {},
} satisfies Domain;
