import { z } from "zod";
import { type Domain, request } from "./declare.ts";
import { errorData } from "./errors.ts";
import { moduleId, objectRef, tokenRef } from "./shared.ts";

/** Where a certificate lies. */
export const expiryPlace = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("token"), module: moduleId, token: tokenRef, object: objectRef }),
  z.object({ kind: z.literal("file"), path: z.string() }),
]);
export type ExpiryPlace = z.infer<typeof expiryPlace>;

export const expirySeverity = z.enum([
  "expired",
  "urgent", // within the fewest of the warning days
  "soon", // within the most of them
  "valid",
  "not yet", // its time has not begun
  "unknown", // its end cannot be read
]);
export type ExpirySeverity = z.infer<typeof expirySeverity>;

/** A certificate, however often it lies about: told by issuer and serial number (RFC 5280 4.1.2.2). */
export const expiryEntry = z.object({
  subject: z.string(),
  issuer: z.string(),
  serialNumber: z.string(),
  notBefore: z.string().nullable(),
  notAfter: z.string().nullable(),
  /** Whole days from now to its end; negative after it. */
  daysLeft: z.number().int().nullable(),
  severity: expirySeverity,
  places: z.array(expiryPlace).min(1),
});
export type ExpiryEntry = z.infer<typeof expiryEntry>;

/** Something that was looked into. */
export const expirySource = z.object({
  kind: z.enum(["token", "file", "folder"]),
  name: z.string(),
  certificates: z.number().int(),
  /** What could not be read of it. */
  problems: z.array(errorData),
});
export type ExpirySource = z.infer<typeof expirySource>;

/** When certificates end, on all tokens and in the files and folders that the settings name. */
export const expiry = {
  requests: {
    overview: request({
      summary:
        "All certificates on the tokens of running modules and in the watched files and folders, by the end of their validity.",
      runs: "main",
      input: z.object({}),
      output: z.object({
        /** The clock that days are counted by. */
        now: z.string(),
        warningDays: z.array(z.number().int()),
        entries: z.array(expiryEntry),
        sources: z.array(expirySource),
      }),
    }),
    watch: request({
      summary: "Adds a file or folder with certificates to the overview. Only its path is kept.",
      runs: "main",
      changes: true,
      input: z.object({
        /** Absolute, or from the user's own folder on (~/certs). */
        path: z.string().min(1),
      }),
      output: z.object({ watched: z.array(z.string()), source: expirySource }),
    }),
    unwatch: request({
      summary: "Takes a file or folder out of the overview.",
      runs: "main",
      changes: true,
      input: z.object({ path: z.string() }),
      output: z.object({ watched: z.array(z.string()) }),
    }),
    calendar: request({
      summary:
        "The ends of all certificates that are still valid, as iCalendar (RFC 5545) with alarms by the warning days.",
      runs: "main",
      input: z.object({}),
      output: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string(), count: z.number().int() }),
    }),
  },
  events: {},
} satisfies Domain;
