import { z } from "zod";
import { certificateProfile, signatureAlgorithm } from "./certificate-profile.ts";
import { replyRequests } from "./certificate-replies.ts";
import { type Domain, request } from "./declare.ts";
import { address, base64, objectRef, pinForUse } from "./shared.ts";

/** A private key that signs, and how its public key is known. */
const signingKey = {
  key: objectRef,
  /**
   * A public key or certificate, as PEM, OpenSSH text or base64 of DER: for a private key whose public key the token does
   * not show.
   */
  publicKey: z.string().min(1).max(200_000).optional(),
  /** By default SHA-256 with PKCS#1 v1.5 for RSA, a hash of the curve's size, or Ed25519. */
  algorithm: signatureAlgorithm.optional(),
  ...pinForUse,
};

/** How something was signed. */
const signed = {
  algorithm: signatureAlgorithm,
  /** CKM_ name. */
  mechanism: z.string(),
  /** Where the public key came from. */
  publicKeyFrom: z.string(),
  /** Who checked the signature with the public key, before anything was handed out. */
  verifiedBy: z.enum(["software", "module"]),
  milliseconds: z.number(),
};

export const certificates = {
  requests: {
    ...replyRequests,
    selfSign: request({
      summary:
        "Makes a self-signed certificate; the signature is one C_Sign, the key stays on the token. Writes nothing.",
      runs: "host",
      limitSeconds: 120,
      input: z.object({
        ...address,
        ...signingKey,
        /** RFC 4514, e.g. "CN=Ada,O=Example". */
        subject: z.string().min(3).optional(),
        days: z.number().int().min(1).max(36500),
        /** A CA certificate (may sign other certificates) instead of one for the key itself. */
        ca: z.boolean().default(false),
        /** All that the certificate says, instead of `subject` and `ca`. */
        profile: certificateProfile.optional(),
      }),
      output: z.object({ content: base64, subject: z.string(), notAfter: z.string(), ...signed }),
    }),
  },
  events: {},
} satisfies Domain;
