import { z } from "zod";
import { alternativeName, certificateProfile, signatureAlgorithm } from "./certificate-profile.ts";
import { request } from "./declare.ts";
import { address, base64, moduleId, objectRef, pinForUse } from "./shared.ts";

/**
 * A public key or certificate, as PEM, OpenSSH text or base64 of DER: for a private key whose public key the token does
 * not show.
 */
const suppliedKey = z.string().min(1).max(200_000).optional();

/** A private key that signs, and how its public key is known. */
const signingKey = {
  key: objectRef,
  publicKey: suppliedKey,
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

/** A PKCS#10 request that was made. */
const madeRequest = z.object({
  /** DER. */
  content: base64,
  pem: z.string(),
  /** RFC 4514, as it stands in the request. */
  subject: z.string(),
});

/** A preset for one key: everything of a profile but its names. */
const offeredPreset = z.object({
  name: z.string(),
  title: z.string(),
  words: z.string(),
  profile: certificateProfile.pick({ keyUsage: true, extendedKeyUsage: true, basicConstraints: true }),
  /** Alternative names that such a certificate needs to be accepted. */
  needs: z.array(alternativeName.shape.type),
});
export type OfferedPreset = z.infer<typeof offeredPreset>;

/** One line of what a profile says. */
const profileLine = z.object({ name: z.string(), critical: z.boolean(), value: z.string() });
export type ProfileLine = z.infer<typeof profileLine>;

/** `part` is the field of the profile, with its index: "subject", "san.0", "extensions.1". */
const profileProblem = z.object({ part: z.string(), message: z.string() });
export type ProfileProblem = z.infer<typeof profileProblem>;

/** Requests and self-signed certificates, with keys on a token. */
export const signingRequests = {
  offer: request({
    summary: "What a private key can sign with and what not, and presets of certificates for a key of its kind.",
    runs: "host",
    input: z.object({ ...address, key: objectRef, publicKey: suppliedKey }),
    output: z.object({
      /** "EC P-256"; null where no public key is known, which is then to be given. */
      key: z.string().nullable(),
      publicKeyFrom: z.string().nullable(),
      algorithms: z.array(z.object({ name: signatureAlgorithm, title: z.string(), mechanism: z.string() })),
      notOffered: z.array(z.object({ title: z.string(), why: z.string() })),
      /** Taken where none is chosen. */
      usual: signatureAlgorithm.nullable(),
      presets: z.array(offeredPreset),
    }),
  }),
  plan: request({
    summary:
      "What a profile would say, line by line, and what is wrong with it. Signs nothing, asks the token nothing.",
    runs: "host",
    input: z.object({ module: moduleId, profile: certificateProfile }),
    output: z.object({
      /** RFC 4514; empty while it cannot be read. */
      subject: z.string(),
      lines: z.array(profileLine),
      problems: z.array(profileProblem),
      /** Allowed, but seldom meant. */
      warnings: z.array(z.string()),
    }),
  }),
  request: request({
    summary: "Makes a certificate request (PKCS#10) with a key on the token, and checks its signature. Writes nothing.",
    runs: "host",
    limitSeconds: 120,
    input: z.object({ ...address, ...signingKey, profile: certificateProfile }),
    output: madeRequest.extend(signed),
  }),
  requestBatch: request({
    summary:
      "Makes one request for each of several profiles with the same key, all or none. Not for keys that want the PIN at each use.",
    runs: "host",
    limitSeconds: 900,
    input: z.object({ ...address, ...signingKey, profiles: z.array(certificateProfile).min(1).max(1000) }),
    output: z.object({ requests: z.array(madeRequest.omit({ pem: true })), ...signed }),
    progress: z.object({ done: z.number(), of: z.number() }),
  }),
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
};
