import { expect, test } from "vitest";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { objectTable } from "./table.ts";

const row = (part: Partial<ObjectRow>): ObjectRow => ({
  handle: "0x1",
  class: "publicKey",
  className: "CKO_PUBLIC_KEY",
  label: "key",
  labelHex: null,
  id: "01",
  keyType: "RSA",
  size: 2048,
  curve: null,
  flags: ["verify"],
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
  ...part,
});

test("the object table lines its columns up and shows the curve or the size", () => {
  const lines = objectTable([row({}), row({ label: "longer label", keyType: "EC", curve: "P-256", size: 256 })]);
  expect(lines).toEqual([
    "Class      Label         CKA_ID  Type      About",
    "---------  ------------  ------  --------  ------",
    "publicKey  key           01      RSA 2048  verify",
    "publicKey  longer label  01      EC P-256  verify",
  ]);
});

test("a long CKA_ID and a long subject are cut, visibly", () => {
  const [, , line] = objectTable([row({ id: "ab".repeat(20), subject: `CN=${"x".repeat(60)}` })]);
  expect(line).toContain(`${"ab".repeat(8)}…`);
  expect(line).toMatch(/CN=x{30}…$/);
});
