import { loginFunctions, pinCommands } from "../../../preload/contract/trace-words.ts";

const logins: ReadonlySet<string> = new Set([...loginFunctions, ...pinCommands]);
const changes =
  /^C_(CreateObject|CopyObject|DestroyObject|SetAttributeValue|GenerateKey|GenerateKeyPair|UnwrapKey|UnwrapKeyAuthenticated|DeriveKey|InitToken|EncapsulateKey|DecapsulateKey)$/;

/** Whether a function has to do with who is logged in and with PINs. */
export const isLogin = (name: string): boolean => logins.has(name);

/** Whether a function makes, changes or deletes objects. */
export const isObjectChange = (name: string): boolean => changes.test(name);
