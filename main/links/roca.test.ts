import { checkPrimeSync, generateKeyPairSync, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { hasRocaFingerprint } from "./roca.ts";

const smallPrimes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
  113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
].map(BigInt);
const M = smallPrimes.reduce((product, prime) => product * prime, 1n);

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n;
  for (let [b, e] = [base % modulus, exponent]; e > 0n; e >>= 1n, b = (b * b) % modulus)
    if (e & 1n) result = (result * b) % modulus;
  return result;
};
const random = (bytes: number): bigint => BigInt(`0x${randomBytes(bytes).toString("hex")}`);
const bytesOf = (n: bigint): Buffer => {
  const hex = n.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
};

/** A prime as Infineon's RSALib made them: k * M + (65537^a mod M). */
const rsalibPrime = (): bigint => {
  for (;;) {
    const candidate = random(5) * M + power(65537n, random(20), M);
    if (checkPrimeSync(candidate)) return candidate;
  }
};

test("a modulus made as RSALib made them has the fingerprint", () => {
  expect(hasRocaFingerprint(bytesOf(rsalibPrime() * rsalibPrime()))).toBe(true);
});

test("a modulus with one such prime only, and ordinary ones, do not have it", () => {
  let prime = random(32) | 1n;
  while (!checkPrimeSync(prime)) prime += 2n;
  expect(hasRocaFingerprint(bytesOf(rsalibPrime() * prime))).toBe(false);
  for (let i = 0; i < 5; i++) {
    const { n } = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
    expect(hasRocaFingerprint(Buffer.from(n ?? "", "base64url"))).toBe(false);
  }
});

test("residues that are powers of 65537 each, but of no common one, are not the fingerprint", () => {
  // 65537^1 modulo 11 and 65537^0 modulo the other primes: both orders are even, so no exponent fits both.
  let n = 1n;
  while (n % 11n !== 65537n % 11n) n += M / 11n;
  expect(hasRocaFingerprint(bytesOf(n))).toBe(false);
});
