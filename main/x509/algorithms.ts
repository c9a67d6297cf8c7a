import { RsaSaPssParams } from "@peculiar/asn1-rsa";
import { AsnConvert } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { hashForBits } from "../keys/curves.ts";
import { keyBits, type PublicKey } from "../keys/public-key.ts";
import { type Hash, hashLengths, hashOids, hashTitles } from "./hashes.ts";

/** A signature algorithm as X.509 and tokens look at it. */
export interface AlgorithmFacts {
  title: string;
  keyType: "RSA" | "EC" | "Ed25519";
  /** null for Ed25519, which hashes itself. */
  hash: Hash | null;
  pss: boolean;
  /** OID of the AlgorithmIdentifier: RFC 4055, RFC 5758, RFC 8410. */
  oid: string;
}

const rsa = (hash: Hash, oid: string): AlgorithmFacts => ({
  title: `RSA PKCS#1 v1.5 with ${hashTitles[hash]}`,
  keyType: "RSA",
  hash,
  pss: false,
  oid,
});
const pss = (hash: Hash): AlgorithmFacts => ({
  title: `RSA-PSS with ${hashTitles[hash]}`,
  keyType: "RSA",
  hash,
  pss: true,
  oid: "1.2.840.113549.1.1.10",
});
const ecdsa = (hash: Hash, oid: string): AlgorithmFacts => ({
  title: `ECDSA with ${hashTitles[hash]}`,
  keyType: "EC",
  hash,
  pss: false,
  oid,
});

export const algorithmFacts: Record<SignatureAlgorithm, AlgorithmFacts> = {
  "RSA-SHA256": rsa("sha256", "1.2.840.113549.1.1.11"),
  "RSA-SHA384": rsa("sha384", "1.2.840.113549.1.1.12"),
  "RSA-SHA512": rsa("sha512", "1.2.840.113549.1.1.13"),
  "RSA-PSS-SHA256": pss("sha256"),
  "RSA-PSS-SHA384": pss("sha384"),
  "RSA-PSS-SHA512": pss("sha512"),
  "ECDSA-SHA256": ecdsa("sha256", "1.2.840.10045.4.3.2"),
  "ECDSA-SHA384": ecdsa("sha384", "1.2.840.10045.4.3.3"),
  "ECDSA-SHA512": ecdsa("sha512", "1.2.840.10045.4.3.4"),
  Ed25519: { title: "Ed25519", keyType: "Ed25519", hash: null, pss: false, oid: "1.3.101.112" },
};

/** The algorithm that a key signs with unless another is asked for: SHA-256, or for a curve a hash of its size. */
export const usualAlgorithm = (key: PublicKey): SignatureAlgorithm | null => {
  if (key.type === "RSA") return "RSA-SHA256";
  if (key.type === "EC") return ecdsaByHash[hashForBits(key.curve.bits)];
  return key.type === "Ed25519" ? "Ed25519" : null;
};

const ecdsaByHash: Record<Hash, SignatureAlgorithm> = {
  sha256: "ECDSA-SHA256",
  sha384: "ECDSA-SHA384",
  sha512: "ECDSA-SHA512",
};

/** Why a key, whatever token it is on, cannot sign with an algorithm. @returns null if it can */
export const whyNotWith = (algorithm: SignatureAlgorithm, key: PublicKey): string | null => {
  const { keyType, hash, pss } = algorithmFacts[algorithm];
  if (keyType !== key.type) return `is for ${keyType} keys, not ${key.type}`;
  if (key.type === "RSA" && hash !== null) {
    const room = Math.ceil((keyBits(key) - 1) / 8);
    // RFC 8017, 9.1.1 step 3; for v1.5 a DigestInfo of 19 more octets and 11 of padding (9.2).
    const needed = pss ? 2 * hashLengths[hash] + 2 : hashLengths[hash] + 19 + 11;
    if (room < needed) return `needs a longer key than ${keyBits(key)} bits`;
  }
  return null;
};

const made = new Map<SignatureAlgorithm, Buffer>();

/** The AlgorithmIdentifier in DER. RSA has NULL as its parameters (RFC 4055, 5), ECDSA and Ed25519 none. */
export const algorithmIdentifier = (algorithm: SignatureAlgorithm): Buffer => {
  const known = made.get(algorithm);
  if (known) return known;
  const facts = algorithmFacts[algorithm];
  const parameters = facts.pss && facts.hash ? pssParameters(facts.hash) : facts.keyType === "RSA" ? null : undefined;
  const bytes = Buffer.from(AsnConvert.serialize(new AlgorithmIdentifier({ algorithm: facts.oid, parameters })));
  made.set(algorithm, bytes);
  return bytes;
};

/** RSASSA-PSS-params (RFC 4055, 3.1): MGF1 with the same hash, a salt of the hash's length. */
const pssParameters = (hash: Hash): ArrayBuffer => {
  const hashAlgorithm = new AlgorithmIdentifier({ algorithm: hashOids[hash], parameters: null });
  const mgf1 = { algorithm: "1.2.840.113549.1.1.8", parameters: AsnConvert.serialize(hashAlgorithm) };
  return AsnConvert.serialize(
    new RsaSaPssParams({
      hashAlgorithm,
      maskGenAlgorithm: new AlgorithmIdentifier(mgf1),
      saltLength: hashLengths[hash],
    }),
  );
};
