import pkcs11js from "pkcs11js";
import type { FoundToken, Library } from "../pkcs11/library.ts";

/** Whether private objects can be seen now: after login, and always on a token without PIN. */
export const privateIncluded = (library: Library, { info, slotId }: FoundToken): boolean =>
  (info.flags & pkcs11js.CKF_LOGIN_REQUIRED) === 0 || library.loginState(slotId) === "user";
