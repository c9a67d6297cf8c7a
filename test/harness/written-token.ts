import pkcs11js, { type Handle, type KeyPair, type Template } from "pkcs11js";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { initialisedToken, openTestApp, type TestApp } from "./app.ts";
import { openWriter, type SoftHsmWriter } from "./softhsm-writer.ts";

/** A SoftHSM token that the app has open, and that the test writes objects to past the app. */
export interface WrittenToken {
  app: TestApp;
  module: string;
  token: TokenRow["ref"];
  writer: SoftHsmWriter;
  /** All objects as the app lists them. */
  list(): Promise<ObjectRow[]>;
  /** C_GenerateKeyPair of token objects with one CKA_ID (hexadecimal) and label. */
  pair(mechanism: number, id: string, label: string, publicPart: Template, privatePart?: Template): KeyPair;
  /** An X.509 certificate object; `value` may be anything. */
  writeCertificate(label: string | Buffer, id: string, value: Buffer): Handle;
  /** A public data object. */
  data(label: string, value: string, more?: Template): Handle;
  /** From now on the objects are written to another token of the app. */
  writeTo(other: TokenRow["ref"]): void;
  close(): Promise<void>;
}

export const openWrittenToken = async (): Promise<WrittenToken> => {
  const app = await openTestApp();
  const { module, token } = await initialisedToken(app);
  let writer = openWriter(app, token);
  const named = (id: string, label: string): Template => [
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_ID, value: Buffer.from(id, "hex") },
    { type: pkcs11js.CKA_LABEL, value: label },
  ];
  return {
    app,
    module,
    token,
    writer,
    writeTo: (other) => {
      writer.close();
      writer = openWriter(app, other);
    },
    list: async () => (await app.call("objects.list", { module, token })).rows,
    pair: (mechanism, id, label, publicPart, privatePart = []) =>
      writer.p11.C_GenerateKeyPair(
        writer.session,
        { mechanism },
        [...named(id, label), ...publicPart],
        [
          ...named(id, label),
          { type: pkcs11js.CKA_PRIVATE, value: true },
          { type: pkcs11js.CKA_SIGN, value: true },
          ...privatePart,
        ],
      ),
    writeCertificate: (label, id, value) =>
      writer.create([
        { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
        { type: pkcs11js.CKA_TOKEN, value: true },
        { type: pkcs11js.CKA_PRIVATE, value: false },
        { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: 0 },
        { type: pkcs11js.CKA_LABEL, value: label },
        { type: pkcs11js.CKA_ID, value: Buffer.from(id, "hex") },
        { type: pkcs11js.CKA_SUBJECT, value: Buffer.from("3000", "hex") },
        { type: pkcs11js.CKA_VALUE, value },
      ]),
    data: (label, value, more = []) =>
      writer.create([
        { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
        { type: pkcs11js.CKA_TOKEN, value: true },
        { type: pkcs11js.CKA_PRIVATE, value: false },
        { type: pkcs11js.CKA_LABEL, value: label },
        { type: pkcs11js.CKA_VALUE, value },
        ...more,
      ]),
    close: async () => {
      writer.close();
      await app.close();
    },
  };
};
