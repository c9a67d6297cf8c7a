/**
 * ROCA (CVE-2017-15361): primes of Infineon's RSALib are k * M + (65537^a mod M) with M the product of the first small
 * primes, so the modulus is a power of 65537 modulo M. Nemec, Sys, Svenda, Klinec, Matyas: "The Return of Coppersmith's
 * Attack" (CCS 2017), section 3.1: the discrete logarithm exists for every key of that library, and for others by an
 * accident of less than 2^-150.
 */

/** The first 39 primes, whose product is M of RSA-512 to RSA-960 keys; those of longer keys contain it. */
const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
  113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

const generator = 65537;

/** For each prime the logarithm of every residue that is a power of 65537, and the order of 65537. */
const logarithms = primes.map((prime) => {
  const powers = new Map<number, number>();
  for (let value = 1 % prime, exponent = 0; !powers.has(value); exponent++) {
    powers.set(value, exponent);
    value = (value * generator) % prime;
  }
  return { prime, powers, order: powers.size };
});

/** @returns whether the modulus has the fingerprint. @param modulus unsigned, big-endian */
export const hasRocaFingerprint = (modulus: Uint8Array): boolean => {
  if (modulus.length === 0) return false;
  const n = BigInt(`0x${Buffer.from(modulus).toString("hex")}`);
  const congruences: { exponent: number; order: number }[] = [];
  for (const { prime, powers, order } of logarithms) {
    const exponent = powers.get(Number(n % BigInt(prime)));
    if (exponent === undefined) return false;
    congruences.push({ exponent, order });
  }
  // One exponent must fit all: congruences have a common solution if each pair has one (Chinese remainder theorem).
  return congruences.every((a, i) =>
    congruences.slice(i + 1).every((b) => (a.exponent - b.exponent) % gcd(a.order, b.order) === 0),
  );
};

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
