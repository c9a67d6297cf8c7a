import { z } from "zod";
import { alternativeNameTypes, type extendedKeyUsageOids, keyUsages } from "./certificate-names.ts";
import { hex } from "./shared.ts";

/** How a certificate, request or list is signed: the key's kind, the padding where there is a choice, the hash. */
export const signatureAlgorithms = [
  "RSA-SHA256",
  "RSA-SHA384",
  "RSA-SHA512",
  "RSA-PSS-SHA256",
  "RSA-PSS-SHA384",
  "RSA-PSS-SHA512",
  "ECDSA-SHA256",
  "ECDSA-SHA384",
  "ECDSA-SHA512",
  "Ed25519",
] as const;
export const signatureAlgorithm = z.enum(signatureAlgorithms);
export type SignatureAlgorithm = z.infer<typeof signatureAlgorithm>;

export const alternativeName = z.strictObject({
  type: z.enum(alternativeNameTypes),
  value: z.string().max(2000),
});
export type AlternativeName = z.infer<typeof alternativeName>;

export const keyUsage = z.enum(keyUsages);
export type CertificateKeyUsage = z.infer<typeof keyUsage>;

export type ExtendedKeyUsageName = keyof typeof extendedKeyUsageOids;

/** Extensions whose criticality the profile decides. */
const criticalChoices = ["basicConstraints", "keyUsage", "extendedKeyUsage", "subjectAltName"] as const;

/** What a certificate is to say, of whatever kind the key is: for a request, a self-signed or an issued certificate. */
export const certificateProfile = z.strictObject({
  /** RFC 4514, e.g. "CN=Ada,O=Example". May be empty if there is an alternative name (RFC 5280 4.1.2.6). */
  subject: z.string().max(4000),
  san: z.array(alternativeName).max(1000).default([]),
  keyUsage: z.array(keyUsage).default([]),
  /** Names of extendedKeyUsageOids, or dotted OIDs. */
  extendedKeyUsage: z.array(z.string().max(200)).max(100).default([]),
  /** null leaves the extension out. */
  basicConstraints: z
    .strictObject({ ca: z.boolean(), pathLength: z.number().int().min(0).max(255).optional() })
    .nullable()
    .default(null),
  /** Which of these extensions are critical. An alternative name beside an empty subject always is. */
  critical: z.array(z.enum(criticalChoices)).default(["basicConstraints", "keyUsage"]),
  /** Others, by OID; `value` is the DER of the extension's content. */
  extensions: z
    .array(z.strictObject({ oid: z.string().max(200), critical: z.boolean().default(false), value: hex.max(200_000) }))
    .max(100)
    .default([]),
});
/** As a caller gives it: defaults may be left out. */
export type CertificateProfileInput = z.input<typeof certificateProfile>;
export type CertificateProfile = z.infer<typeof certificateProfile>;
