const logins =
  /^(C_(Login|LoginUser|Logout|InitPIN|SetPIN|InitToken)|VERIFY|CHANGE REFERENCE DATA|RESET RETRY COUNTER)$/;
const changes =
  /^C_(CreateObject|CopyObject|DestroyObject|SetAttributeValue|GenerateKey|GenerateKeyPair|UnwrapKey|UnwrapKeyAuthenticated|DeriveKey|InitToken|EncapsulateKey|DecapsulateKey)$/;

/** Whether a function has to do with who is logged in and with PINs. */
export const isLogin = (name: string): boolean => logins.test(name);

/** Whether a function makes, changes or deletes objects. */
export const isObjectChange = (name: string): boolean => changes.test(name);
