import type { DomainHandlers } from "../host/handlers.ts";

/**
 * The structures of X.509 take 20 ms to load, which every start of a token host would pay: they come with the first
 * request that needs them.
 */
export const certificateHandlers: DomainHandlers<"certificates"> = {
  replyPreview: async (input, context) => (await import("./reply/handlers.ts")).replyPreview(input, context),
  replyWrite: async (input, context) => (await import("./reply/handlers.ts")).replyWrite(input, context),
  selfSign: async (input, context) => (await import("./self-sign.ts")).selfSign(input, context),
};
