import type { DomainHandlers } from "../host/handlers.ts";

export const certificateHandlers = {} as DomainHandlers<"certificates">;
