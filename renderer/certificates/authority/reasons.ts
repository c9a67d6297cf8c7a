import type { Input } from "../../../preload/contract/index.ts";

export type Reason = Input<"authority.revoke">["reason"];

/** CRLReason (RFC 5280 5.3.1) in words. */
export const reasonWords: Record<Reason, string> = {
  unspecified: "no reason given",
  keyCompromise: "its key may be known to others",
  cACompromise: "the CA's key may be known to others",
  affiliationChanged: "its holder has changed name or place",
  superseded: "replaced by another certificate",
  cessationOfOperation: "no longer needed",
  certificateHold: "on hold, may come back",
  privilegeWithdrawn: "a right was taken away",
  aACompromise: "the attribute authority's key may be known to others",
};
