import type { DomainHandlers } from "../host/handlers.ts";

export const tokenHandlers = {} as DomainHandlers<"tokens">;
