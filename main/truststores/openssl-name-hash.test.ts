import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { certificateParts } from "../keys/certificate-parts.ts";
import { opensslNameHash } from "./openssl-name-hash.ts";

const certificate = (subject: string, ...options: string[]): Buffer =>
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      "/dev/null",
      "-outform",
      "DER",
      "-days",
      "2",
      "-subj",
      subject,
      ...options,
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );

test.each([
  ["/C=DE/O=Example  GmbH/CN= Root CA ", []],
  ["/CN=Größe ß Ü İ/emailAddress=Ada@Example.ORG", ["-utf8"]],
  ["/DC=org/DC=Example/CN=ABC+UID=9+OU=x", ["-multivalue-rdn"]],
  ["/", []],
  [`/CN=${"x".repeat(60)}/O=日本 語`, ["-utf8"]],
] as [string, string[]][])("the hash of %s is OpenSSL's", (subject, options) => {
  const der = certificate(subject, ...options);
  const expected = execFileSync("openssl", ["x509", "-inform", "DER", "-noout", "-subject_hash"], { input: der });
  expect(opensslNameHash(certificateParts(der).subject)).toBe(expected.toString().trim());
});
