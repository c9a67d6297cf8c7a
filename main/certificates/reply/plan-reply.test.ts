import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { certificateKey } from "../../keys/certificate-parts.ts";
import { keyIdentity } from "../../keys/public-key.ts";
import type { TokenKey } from "../../objects/import/token-keys.ts";
import { keyByBytes, planReply } from "./plan-reply.ts";

const fixture = (name: string): Buffer =>
  new X509Certificate(readFileSync(new URL(`../../../test/fixtures/keys/${name}`, import.meta.url))).raw;
const mine = fixture("ec.cert.pem");
const other = fixture("rsa.cert.pem");
const now = new Date();

const identityOf = (der: Buffer): string => {
  const key = certificateKey(der);
  if (!key) throw new Error("no key");
  return keyIdentity(key);
};
const object = (objectClass: TokenKey["ref"]["class"], id: string, more: Partial<TokenKey> = {}): TokenKey => ({
  ref: { handle: `0x${objectClass.length}${id}`, class: objectClass, label: "web", id },
  labelBytes: Buffer.from("web"),
  identity: null,
  value: null,
  ...more,
});

test("where the public key object follows the certificate, bytes alone are said to prove nothing", () => {
  const keys = [object("privateKey", "01"), object("publicKey", "01", { identity: identityOf(mine) })];
  const found = [keyByBytes(certificateKey(mine), keys)];
  expect(found[0]?.proof).toBe("public key");
  const warningsOn = (certificateReplacesPublicKey: boolean) =>
    planReply([mine], found, { keys, certificateReplacesPublicKey }, now).certificates[0]?.shown.warnings.join(" ");
  expect(warningsOn(true)).toContain("Only a test signature proves");
  expect(warningsOn(false)).not.toContain("test signature");
});

test("a public key object of another key refuses the CKA_ID, unless the private key itself has signed", () => {
  const [key, wrong] = [object("privateKey", "01"), object("publicKey", "01", { identity: identityOf(other) })];
  const token = { keys: [key, wrong], certificateReplacesPublicKey: true };
  const refused = (proof: "certificate" | "signature") =>
    planReply([mine], [{ key, proof }], token, now).certificates[0]?.shown.refused;
  expect(refused("certificate")).toContain("the public key object would then show the certificate's key");
  expect(refused("signature")).toBeNull();
});

test("a certificate that only certificates on the token share has no key there", () => {
  const keys = [object("certificate", "01", { identity: identityOf(mine), value: mine })];
  expect(keyByBytes(certificateKey(mine), keys)).toBeNull();
});
