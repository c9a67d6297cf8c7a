import { z } from "zod";
import { certificateProfile, signatureAlgorithm } from "./certificate-profile.ts";
import { request } from "./declare.ts";
import { address, base64, hex, objectRef, pinForUse } from "./shared.ts";

/** A CA on a token: its private key, and its certificate, which says what it may do. */
export const authorityKey = { key: objectRef, issuer: objectRef };

/** A request as a file or as pasted text. */
export const requestFile = { fileName: z.string(), content: base64 };

const uri = z
  .string()
  .max(2000)
  .regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, "expected an absolute URI, e.g. http://ca.example/ca.crt");

/** What the CA adds to what the profile says. */
export const issuing = z.strictObject({
  profile: certificateProfile,
  notBefore: z.iso.datetime().optional(),
  days: z.number().int().min(1).max(36_500),
  /** Go on although it would outlive the CA's certificate, and so not be valid to its end. */
  beyondIssuer: z.boolean().default(false),
  /** Addresses of the CA's certificate and of its OCSP responder (authorityInfoAccess). */
  caIssuers: z.array(uri).max(10).default([]),
  ocsp: z.array(uri).max(10).default([]),
  /** Addresses of the revocation list. */
  crl: z.array(uri).max(10).default([]),
  algorithm: signatureAlgorithm.optional(),
});
export type Issuing = z.infer<typeof issuing>;

/** RFC 5280 5.3.1, without `removeFromCRL`: that one stands in lists of changes only. */
export const revocationReason = z.enum([
  "unspecified",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise",
]);

export const authorityFacts = z.object({
  /** Of its name and public key: the same for a renewed certificate of the same CA. */
  id: hex,
  subject: z.string(),
  /** DER. */
  certificate: base64,
  notAfter: z.string(),
  /** CAs that may stand below it; null: no limit. */
  pathLength: z.number().int().nullable(),
  signsCertificates: z.boolean(),
  signsLists: z.boolean(),
  warnings: z.array(z.string()),
});
export type AuthorityFacts = z.infer<typeof authorityFacts>;

export const requestedExtension = z.object({
  oid: z.string(),
  name: z.string(),
  critical: z.boolean(),
  words: z.string(),
  /** Part of the profile that holds it; null: the CA makes this one itself, or it may not be taken over. */
  part: z.enum(["san", "keyUsage", "extendedKeyUsage", "basicConstraints", "extensions"]).nullable(),
  /** Why it is not taken over; null if it can be. */
  notTaken: z.string().nullable(),
});
export type RequestedExtension = z.infer<typeof requestedExtension>;

const signed = {
  content: base64,
  pem: z.string(),
  algorithm: signatureAlgorithm,
  mechanism: z.string(),
};

export const issuingRequests = {
  authority: request({
    summary: "What a CA's certificate on the token allows: certificates, lists, how many CAs below it.",
    runs: "host",
    input: z.object({ ...address, ...authorityKey }),
    output: authorityFacts,
  }),
  readRequest: request({
    summary:
      "What a certificate request (PKCS#10) asks for, extension by extension; its own signature is checked first.",
    runs: "host",
    input: z.object({ module: address.module, ...requestFile }),
    output: z.object({
      subject: z.string(),
      keyWords: z.string(),
      keyType: z.enum(["RSA", "EC", "Ed25519", "X25519"]).nullable(),
      signedWith: z.string(),
      /** All that can be taken over, as a profile. */
      profile: certificateProfile,
      extensions: z.array(requestedExtension),
      warnings: z.array(z.string()),
    }),
  }),
  issue: request({
    summary:
      "Signs a request's key with a CA on the token; a fresh serial number unless one is given. Registers nothing: see authority.issue.",
    runs: "host",
    limitSeconds: 120,
    input: z.object({
      ...address,
      ...authorityKey,
      ...requestFile,
      issuing,
      /** At most 20 octets, positive; a random one has 16. */
      serialNumber: hex.min(2).max(40).optional(),
      ...pinForUse,
    }),
    output: z.object({
      ...signed,
      serialNumber: hex,
      subject: z.string(),
      notBefore: z.string(),
      notAfter: z.string(),
      keyWords: z.string(),
      authority: authorityFacts,
      warnings: z.array(z.string()),
    }),
  }),
  revocationList: request({
    summary:
      "Signs a revocation list (CRL, version 2) with a CA on the token. What is revoked is given: see authority.revocationList.",
    runs: "host",
    limitSeconds: 120,
    input: z.object({
      ...address,
      ...authorityKey,
      number: hex.min(2).max(40),
      days: z.number().int().min(1).max(3650),
      revoked: z
        .array(z.strictObject({ serialNumber: hex, at: z.iso.datetime(), reason: revocationReason }))
        .max(1_000_000),
      algorithm: signatureAlgorithm.optional(),
      ...pinForUse,
    }),
    output: z.object({ ...signed, thisUpdate: z.string(), nextUpdate: z.string(), authority: authorityFacts }),
  }),
};
