import type { DomainHandlers } from "../host/handlers.ts";
import { anchors } from "./anchors.ts";

/**
 * The structures of X.509 take 20 ms to load, which every start of a token host would pay: they come with the first
 * request that needs them.
 */
export const certificateHandlers: DomainHandlers<"certificates"> = {
  replyPreview: async (input, context) => (await import("./reply/handlers.ts")).replyPreview(input, context),
  replyWrite: async (input, context) => (await import("./reply/handlers.ts")).replyWrite(input, context),
  offer: async (input, context) => (await import("./offer.ts")).offer(input, context),
  plan: async ({ profile }) => (await import("../x509/profile-plan.ts")).planProfile(profile),
  request: async (input, context) => (await import("./request.ts")).request(input, context),
  requestBatch: async (input, context) => (await import("./request.ts")).requestBatch(input, context),
  authority: async (input, context) => (await import("./issue/authority.ts")).authority(input, context),
  readRequest: async (input, context) => (await import("./issue/read-request.ts")).readRequest(input, context),
  issue: async (input, context) => (await import("./issue/issue.ts")).issue(input, context),
  revocationList: async (input, context) => (await import("./issue/issue.ts")).revocationList(input, context),
  anchors,
  selfSign: async (input, context) => (await import("./self-sign.ts")).selfSign(input, context),
};
