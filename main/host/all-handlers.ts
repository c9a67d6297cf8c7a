import { certificateHandlers } from "../certificates/handlers.ts";
import { keyHandlers } from "../keys/handlers.ts";
import { linkHandlers } from "../links/handlers.ts";
import { objectHandlers } from "../objects/handlers.ts";
import { tokenHandlers } from "../tokens/handlers.ts";
import type { HostHandlers } from "./handlers.ts";

type Prefixed<D extends string, H> = { [R in keyof H as `${D}.${Extract<R, string>}`]: H[R] };

const prefixed = <D extends string, H extends object>(domain: D, handlers: H) =>
  Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [`${domain}.${name}`, handler])) as Prefixed<
    D,
    H
  >;

export const hostHandlers: HostHandlers = {
  ...prefixed("tokens", tokenHandlers),
  ...prefixed("objects", objectHandlers),
  ...prefixed("keys", keyHandlers),
  ...prefixed("certificates", certificateHandlers),
  ...prefixed("links", linkHandlers),
};
