import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { type CertificateProfileInput, certificateProfile } from "../../preload/contract/certificate-profile.ts";
import { profileExtensions } from "../x509/extensions.ts";
import { opensslDigest, opensslExtensions } from "./openssl-extensions.ts";

/** What openssl makes of the extensions that it is told, as hexadecimal. */
const requestByOpenssl = (extensions: string[]): string =>
  execFileSync(
    "openssl",
    [
      ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "/dev/null"],
      ...["-utf8", "-subj", "/CN=x", "-outform", "DER", ...extensions.flatMap((value) => ["-addext", value])],
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  ).toString("hex");

const profiles: Partial<CertificateProfileInput>[] = [
  { keyUsage: ["keyCertSign", "cRLSign"], basicConstraints: { ca: true, pathLength: 2 } },
  { keyUsage: ["digitalSignature", "keyAgreement", "decipherOnly"], critical: [] },
  {
    extendedKeyUsage: ["serverAuth", "smartcardLogon", "anyExtendedKeyUsage", "1.2.3.4"],
    critical: ["extendedKeyUsage"],
  },
  {
    san: [
      { type: "dns", value: "*.example.org" },
      { type: "ip", value: "2001:db8::1" },
      { type: "email", value: "ada@example.org" },
      { type: "uri", value: "https://example.org/?a=b;c" },
      { type: "upn", value: "ada@corp.example" },
    ],
    critical: ["subjectAltName"],
  },
  { extensions: [{ oid: "1.2.3.4", critical: true, value: "0c026869" }] },
];

test.each(profiles)("openssl writes the bytes that the app would write for %j", (input) => {
  const profile = certificateProfile.parse({ subject: "CN=x", ...input });
  const request = requestByOpenssl(opensslExtensions(profile) ?? []);
  for (const extension of profileExtensions(profile)) expect(request).toContain(extension.toString("hex"));
});

test.each(["https://example.org/a,b", "https://example.org/ä"])(
  "%s gets no command: openssl would split or misread it",
  (value) => {
    const san = [{ type: "uri" as const, value }];
    expect(opensslExtensions(certificateProfile.parse({ subject: "CN=x", san }))).toBeNull();
  },
);

test("the digest is named, and PSS with a salt of its length", () => {
  expect(opensslDigest("ECDSA-SHA384")).toEqual(["-sha384"]);
  expect(opensslDigest("RSA-PSS-SHA512").join(" ")).toBe(
    "-sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest",
  );
  expect([opensslDigest("Ed25519"), opensslDigest(undefined)]).toEqual([[], []]);
});
