import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { expect, test } from "vitest";
import { certificateFacts } from "./certificate-facts.ts";

const certificates = rootCertificates.map((pem) => new X509Certificate(pem));

/** OpenSSL's one line an RDN, last RDN last, as sorted plain values; the order is tested with the names. */
const values = (name: string) => name.split("\n").map((line) => line.slice(line.indexOf("=") + 1));

test("facts of well-known root certificates are what OpenSSL reads", () => {
  expect(certificates.length).toBeGreaterThan(100);
  for (const certificate of certificates) {
    const facts = certificateFacts(certificate.raw);
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    expect(facts).toMatchObject({
      serialNumber: certificate.serialNumber.toLowerCase().replace(/^0$/, "00"),
      notBefore: new Date(certificate.validFrom).toISOString().replace(".000Z", "Z"),
      notAfter: new Date(certificate.validTo).toISOString().replace(".000Z", "Z"),
      keyType: asymmetricKeyType?.toUpperCase(),
      size:
        asymmetricKeyDetails?.modulusLength ??
        { prime256v1: 256, secp384r1: 384 }[asymmetricKeyDetails?.namedCurve ?? ""],
    });
    expect(facts?.subject.split(/(?<!\\)[,+]/).length).toBe(values(certificate.subject).length);
  }
});

test("any cut and most damage to the structure is seen", () => {
  const [certificate] = certificates;
  if (!certificate) throw new Error("no root certificates");
  const { raw } = certificate;
  for (let length = 0; length < raw.length; length++) expect(certificateFacts(raw.subarray(0, length))).toBeNull();
  expect(certificateFacts(Buffer.concat([raw, Buffer.from([0])]))).toBeNull();
  expect(certificateFacts(Buffer.alloc(500, 0x30))).toBeNull();
  expect(certificateFacts(Buffer.from("not a certificate"))).toBeNull();
});

test("random damage never throws", () => {
  const { raw } = certificates[1] as X509Certificate;
  for (let at = 0; at < raw.length; at++)
    for (const byte of [0x00, 0x80, 0xff]) {
      const damaged = Buffer.from(raw);
      damaged[at] = byte;
      certificateFacts(damaged);
    }
});
