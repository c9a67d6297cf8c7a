import { z } from "zod";
import { authorityKey, issuing, requestFile, revocationReason } from "./certificate-issuing.ts";
import { signatureAlgorithm } from "./certificate-profile.ts";
import { type Domain, event, request } from "./declare.ts";
import { address, base64, hex, pinForUse } from "./shared.ts";

/** A certificate in the register of a CA. */
export const issuedCertificate = z.object({
  serialNumber: hex,
  subject: z.string(),
  keyWords: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  issuedAt: z.string(),
  revoked: z.object({ at: z.string(), reason: revocationReason }).nullable(),
});
export type IssuedCertificate = z.infer<typeof issuedCertificate>;

/** A CA that has issued something through the app. */
export const authorityRow = z.object({
  id: hex,
  subject: z.string(),
  notAfter: z.string(),
  issued: z.number().int(),
  revoked: z.number().int(),
  /** Its last revocation list. */
  list: z.object({ number: z.number().int(), thisUpdate: z.string(), nextUpdate: z.string() }).nullable(),
  /** Something was revoked or released since then. */
  listStale: z.boolean(),
  /** Where its key was when it last signed. */
  place: z.object({ ...address, ...authorityKey }),
  /** The file that the register is kept in. */
  file: z.string(),
});
export type AuthorityRow = z.infer<typeof authorityRow>;

const exported = z.object({ fileName: z.string(), content: base64, text: z.string().nullable() });
const format = z.enum(["pem", "der"]).default("pem");

/** CAs whose keys are on tokens: what they issued, what is revoked, their lists. Kept in the app's data, one file a CA. */
export const authority = {
  requests: {
    list: request({
      summary: "The CAs that have issued certificates through the app.",
      runs: "main",
      input: z.object({}),
      output: z.object({ authorities: z.array(authorityRow) }),
    }),
    register: request({
      summary: "What a CA has issued, newest first.",
      runs: "main",
      input: z.object({ id: hex }),
      output: z.object({ authority: authorityRow, certificates: z.array(issuedCertificate) }),
    }),
    issue: request({
      summary:
        "Signs a request's key with a CA on the token and registers the certificate; it is handed out only when the register is written.",
      runs: "main",
      changes: true,
      limitSeconds: 180,
      input: z.object({ ...address, ...authorityKey, ...requestFile, issuing, ...pinForUse }),
      output: z.object({
        authority: authorityRow,
        certificate: issuedCertificate,
        content: base64,
        pem: z.string(),
        algorithm: signatureAlgorithm,
        warnings: z.array(z.string()),
      }),
    }),
    revoke: request({
      summary: "Marks a certificate as revoked; it stands in the next revocation list.",
      runs: "main",
      changes: true,
      input: z.object({ id: hex, serialNumber: hex, reason: revocationReason }),
      output: issuedCertificate,
    }),
    release: request({
      summary: "Ends the hold of a certificate (reason certificateHold); no other revocation can be taken back.",
      runs: "main",
      changes: true,
      input: z.object({ id: hex, serialNumber: hex }),
      output: issuedCertificate,
    }),
    revocationList: request({
      summary: "Makes a revocation list with the CA's key, with the next number, and keeps it.",
      runs: "main",
      changes: true,
      limitSeconds: 180,
      input: z.object({
        id: hex,
        ...address,
        ...authorityKey,
        days: z.number().int().min(1).max(3650),
        algorithm: signatureAlgorithm.optional(),
        ...pinForUse,
      }),
      output: z.object({
        authority: authorityRow,
        number: z.number().int(),
        thisUpdate: z.string(),
        nextUpdate: z.string(),
        revoked: z.number().int(),
        content: base64,
        pem: z.string(),
      }),
    }),
    exportCertificate: request({
      summary: "An issued certificate, or with the CA's own above it, as PEM or DER.",
      runs: "main",
      input: z.object({ id: hex, serialNumber: hex, format, chain: z.boolean().default(false) }),
      output: exported,
    }),
    exportList: request({
      summary: "The last revocation list of a CA, as PEM or DER.",
      runs: "main",
      input: z.object({ id: hex, format }),
      output: exported,
    }),
  },
  events: {
    changed: event("A CA's register changed.", z.object({ id: hex })),
  },
} satisfies Domain;
