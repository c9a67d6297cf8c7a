import { z } from "zod";
import { request } from "./declare.ts";
import { base64, moduleId } from "./shared.ts";

/** One certificate in a module that keeps trust. */
const anchor = z.object({
  token: z.string(),
  label: z.string(),
  content: base64,
  /** CKA_TRUSTED, or one of NSS's kinds of trust. */
  trusted: z.boolean(),
  /** NSS's trust as certutil writes it, "CT,,": servers and clients, mail, code. null where the module has none. */
  words: z.string().nullable(),
});
export type Anchor = z.infer<typeof anchor>;

export const anchorRequests = {
  anchors: request({
    summary:
      "The certificates of a module that keeps trust (p11-kit's, NSS softokn), with what it says they are trusted for.",
    runs: "host",
    limitSeconds: 60,
    input: z.object({ module: moduleId }),
    output: z.object({ anchors: z.array(anchor) }),
  }),
};
