import { anchorRequests } from "./certificate-anchors.ts";
import { issuingRequests } from "./certificate-issuing.ts";
import { replyRequests } from "./certificate-replies.ts";
import { signingRequests } from "./certificate-requests.ts";
import type { Domain } from "./declare.ts";

export const certificates = {
  requests: { ...signingRequests, ...replyRequests, ...issuingRequests, ...anchorRequests },
  events: {},
} satisfies Domain;
