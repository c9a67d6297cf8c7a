import { execFileSync } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { certificateToBeSigned } from "./certificate.ts";
import { authorityInfoAccess, authorityKeyIdentifier, crlDistributionPoints, crlNumber } from "./extensions.ts";
import { nameFromText } from "./name.ts";
import { revocationListToBeSigned } from "./revocation-list.ts";
import { randomSerialNumber } from "./serial-number.ts";
import { signedStructure } from "./signed.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const spki = publicKey.export({ type: "spki", format: "der" });
const issuer = nameFromText("CN=CA,O=Example");
const signed = (toBeSigned: Buffer) =>
  signedStructure(toBeSigned, "ECDSA-SHA256", sign("sha256", toBeSigned, privateKey));
const text = (kind: "crl" | "x509", der: Buffer): string =>
  execFileSync("openssl", [kind, "-inform", "DER", "-noout", "-text"], { input: der }).toString();

test("openssl reads a revocation list with its entries, reasons, number and times beyond 2049", () => {
  const printed = text(
    "crl",
    signed(
      revocationListToBeSigned({
        algorithm: "ECDSA-SHA256",
        issuer,
        thisUpdate: new Date("2026-01-02T03:04:05Z"),
        nextUpdate: new Date("2050-01-01T00:00:00Z"),
        revoked: [
          {
            serialNumber: Buffer.from("80ff", "hex"),
            revoked: new Date("2026-01-01T00:00:00Z"),
            reason: "keyCompromise",
          },
          { serialNumber: Buffer.from("01", "hex"), revoked: new Date("2026-01-01T00:00:00Z"), reason: "unspecified" },
        ],
        extensions: [authorityKeyIdentifier(Buffer.alloc(20, 0xab)), crlNumber(Buffer.from([0x80]))],
      }),
    ),
  );
  expect(printed).toMatch(
    /Serial Number: 80FF\s+Revocation Date: .*2026 GMT\s+CRL entry extensions:\s+X509v3 CRL Reason Code: \s+Key Compromise/,
  );
  expect(printed).toMatch(/Serial Number: 01\s+Revocation Date: Jan {2}1 00:00:00 2026 GMT\s+Signature/);
  expect(printed).toMatch(/CRL Number: \s+128/);
  expect(printed).toContain("AB:AB:AB");
  expect(printed).toContain("Next Update: Jan  1 00:00:00 2050 GMT");
});

test("an empty revocation list has no list at all, as RFC 5280 wants it", () => {
  const parts = { algorithm: "ECDSA-SHA256" as const, issuer, thisUpdate: new Date(), nextUpdate: new Date() };
  expect(
    text("crl", signed(revocationListToBeSigned({ ...parts, revoked: [], extensions: [crlNumber(Buffer.from([1]))] }))),
  ).toContain("No Revoked Certificates");
});

test("openssl reads where a certificate's issuer, OCSP responder and revocation lists are", () => {
  const printed = text(
    "x509",
    signed(
      certificateToBeSigned({
        serialNumber: randomSerialNumber(),
        algorithm: "ECDSA-SHA256",
        issuer,
        subject: nameFromText("CN=x"),
        notBefore: new Date(),
        notAfter: new Date("2051-01-01T00:00:00Z"),
        spki,
        extensions: [
          authorityInfoAccess(["http://ca.example/ca.crt"], ["http://ocsp.example"]),
          crlDistributionPoints(["http://ca.example/a.crl", "http://ca.example/b.crl"]),
        ],
      }),
    ),
  );
  expect(printed).toContain("OCSP - URI:http://ocsp.example");
  expect(printed).toContain("CA Issuers - URI:http://ca.example/ca.crt");
  expect(printed).toMatch(/URI:http:\/\/ca.example\/a.crl[\s\S]*URI:http:\/\/ca.example\/b.crl/);
});

test("serial numbers are positive, differ, and always have 16 octets", () => {
  const serials = Array.from({ length: 1000 }, randomSerialNumber);
  expect(new Set(serials.map((serial) => serial.toString("hex"))).size).toBe(1000);
  for (const serial of serials) expect([serial.length, (serial[0] ?? 0) >> 6]).toEqual([16, 1]);
});
