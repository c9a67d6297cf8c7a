import { generateKeyPairSync, sign, verify } from "node:crypto";
import { expect, test } from "vitest";
import { ecdsaToDer } from "./ecdsa-signature.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });

/** A signature in the form of tokens whose r or s fulfils a condition on its first byte. */
const signatureWhere = (fits: (r: number, s: number) => boolean): { data: Buffer; raw: Buffer } => {
  for (let i = 0; ; i++) {
    const data = Buffer.from(`data ${i}`);
    const raw = sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" });
    if (fits(raw[0] ?? 0, raw[32] ?? 0)) return { data, raw };
  }
};

test.each([
  ["r begins with a zero byte", (r: number) => r === 0],
  ["s begins with a zero byte", (_: number, s: number) => s === 0],
  ["both have their top bit set", (r: number, s: number) => r > 127 && s > 127],
  ["neither has", (r: number, s: number) => r > 0 && r < 128 && s > 0 && s < 128],
])("OpenSSL takes the DER of a signature where %s", (_, fits) => {
  const { data, raw } = signatureWhere(fits);
  const der = ecdsaToDer(raw);
  expect(verify("sha256", data, publicKey, der)).toBe(true);
  // DER has one form only: OpenSSL's own.
  expect(der.length).toBeLessThanOrEqual(72);
});

test("signatures of impossible length are refused", () => {
  expect(() => ecdsaToDer(Buffer.alloc(0))).toThrow();
  expect(() => ecdsaToDer(Buffer.alloc(63))).toThrow(/63 bytes/);
});
