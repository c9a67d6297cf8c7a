import { generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { expect, test } from "vitest";
import { ecdsaToDer } from "./ecdsa-signature.ts";

const keys = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
const p256 = keys("prime256v1");

/** A signature in the form of tokens. */
const raw = (data: Buffer, key: KeyObject): Buffer => sign("sha256", data, { key, dsaEncoding: "ieee-p1363" });

/** A signature in the form of tokens whose r or s fulfils a condition on its first byte. */
const signatureWhere = (fits: (r: number, s: number) => boolean): { data: Buffer; signature: Buffer } => {
  for (let i = 0; ; i++) {
    const data = Buffer.from(`data ${i}`);
    const signature = raw(data, p256.privateKey);
    if (fits(signature[0] ?? 0, signature[32] ?? 0)) return { data, signature };
  }
};

test.each([
  ["r begins with a zero byte", (r: number) => r === 0],
  ["s begins with a zero byte", (_: number, s: number) => s === 0],
  ["both have their top bit set", (r: number, s: number) => r > 127 && s > 127],
  ["neither has", (r: number, s: number) => r > 0 && r < 128 && s > 0 && s < 128],
])("OpenSSL takes the DER of a signature where %s", (_, fits) => {
  const { data, signature } = signatureWhere(fits);
  const der = ecdsaToDer(signature);
  expect(verify("sha256", data, p256.publicKey, der)).toBe(true);
  // DER has one form only: OpenSSL's own.
  expect(der.length).toBeLessThanOrEqual(72);
});

/** The INTEGER that OpenSSL would write for unsigned big-endian bytes, by way of a BigInt. */
const integer = (bytes: Buffer): string => {
  const digits = BigInt(`0x${bytes.toString("hex")}`).toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  const content = Number.parseInt(even.slice(0, 2), 16) > 127 ? `00${even}` : even;
  return `02${(content.length / 2).toString(16).padStart(2, "0")}${content}`;
};

test("1,000 signatures on four curves become the one DER that there is, and OpenSSL verifies each", {
  timeout: 60_000,
}, () => {
  const curves = ["prime256v1", "secp384r1", "secp521r1", "brainpoolP512r1"].map(keys);
  let leadingZeros = 0;
  for (let i = 0; i < 1000; i++) {
    const { privateKey, publicKey } = curves[i % curves.length] ?? p256;
    const data = Buffer.from(`signature ${i}`);
    const signature = raw(data, privateKey);
    const half = signature.length / 2;
    const [r, s] = [signature.subarray(0, half), signature.subarray(half)];
    if (r[0] === 0 || s[0] === 0) leadingZeros++;
    const der = ecdsaToDer(signature);
    const body = integer(r) + integer(s);
    const length = (body.length / 2).toString(16).padStart(2, "0");
    expect(der.toString("hex")).toBe(`30${body.length / 2 > 127 ? "81" : ""}${length}${body}`);
    expect(verify("sha256", data, publicKey, der)).toBe(true);
  }
  // P-521 alone has a zero byte in front of every second one.
  expect(leadingZeros).toBeGreaterThan(100);
});

test.each([
  ["several zero bytes", "0000000001", "0000000080", "3007020101020200 80"],
  ["zero itself, which no token should give", "0000", "0001", "3006020100020101"],
])("%s in front become the shortest INTEGER", (_, r, s, expected) => {
  expect(ecdsaToDer(Buffer.from(r + s, "hex")).toString("hex")).toBe(expected.replaceAll(" ", ""));
});

test("signatures of impossible length are refused", () => {
  expect(() => ecdsaToDer(Buffer.alloc(0))).toThrow();
  expect(() => ecdsaToDer(Buffer.alloc(63))).toThrow(/63 bytes/);
});
