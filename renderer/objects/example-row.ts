import type { ObjectRow } from "../../preload/contract/objects.ts";

let nextHandle = 1;

/** An object for unit tests: a certificate with nothing in it, but for what is given. Each has a handle of its own. */
export const exampleRow = (some: Partial<ObjectRow> = {}): ObjectRow => ({
  handle: `0x${(nextHandle++).toString(16)}`,
  class: "certificate",
  className: "CKO_CERTIFICATE",
  label: "",
  labelHex: null,
  id: "",
  keyType: null,
  size: null,
  curve: null,
  flags: [],
  subject: null,
  issuer: null,
  serialNumber: null,
  notBefore: null,
  notAfter: null,
  application: null,
  onToken: true,
  private: false,
  modifiable: true,
  devicesOwn: false,
  unreadable: [],
  uri: "pkcs11:",
  ...some,
});
