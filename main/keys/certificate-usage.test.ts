import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { certificateUsage } from "./certificate-usage.ts";

const withUsage = (usage: string): Buffer => {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "/dev/null"];
  const words = ["req", "-new", "-x509", ...key, "-subj", "/CN=x", "-addext", `keyUsage=critical,${usage}`];
  return new X509Certificate(spawnSync("openssl", words).stdout).raw;
};

test.each([
  "digitalSignature",
  "keyCertSign,cRLSign",
  "digitalSignature,keyEncipherment",
  "nonRepudiation,dataEncipherment",
  "keyAgreement,encipherOnly,decipherOnly",
])("openssl's %s is read", (usage) => {
  expect(certificateUsage(withUsage(usage))).toEqual(usage.split(","));
});

test("a certificate that does not say, and what is no certificate, say nothing", () => {
  const plain = readFileSync(new URL("../../test/fixtures/keys/rsa.cert.pem", import.meta.url));
  expect(certificateUsage(new X509Certificate(plain).raw)).toBeNull();
  expect(certificateUsage(Buffer.from("no certificate"))).toBeNull();
  expect(certificateUsage(withUsage("digitalSignature").subarray(0, 200))).toBeNull();
});
