import type { DomainHandlers } from "../host/handlers.ts";

export const objectHandlers = {} as DomainHandlers<"objects">;
