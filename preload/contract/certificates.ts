import { z } from "zod";
import { type Domain, request } from "./declare.ts";
import { address, base64, objectRef, pinForUse } from "./shared.ts";

export const certificates = {
  requests: {
    selfSign: request({
      summary:
        "Makes a self-signed certificate; the signature is one C_Sign, the key stays on the token. Writes nothing.",
      runs: "host",
      limitSeconds: 120,
      input: z.object({
        ...address,
        key: objectRef,
        /** RFC 4514, e.g. "CN=Ada,O=Example". */
        subject: z.string().min(3),
        days: z.number().int().min(1).max(36500),
        /** A CA certificate (may sign other certificates) instead of one for the key itself. */
        ca: z.boolean().default(false),
        ...pinForUse,
      }),
      output: z.object({ content: base64, subject: z.string(), notAfter: z.string() }),
    }),
  },
  events: {},
} satisfies Domain;
