import type { DomainHandlers } from "../host/handlers.ts";

export const keyHandlers = {} as DomainHandlers<"keys">;
