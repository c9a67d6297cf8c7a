import { createHash } from "node:crypto";
import type { PublicKeyView, ViewedItem } from "../../../preload/contract/x509.ts";
import { bitLength, curveOfParameters } from "../../objects/curve-names.ts";
import { type Algorithm, algorithmOf } from "./algorithm.ts";
import { bitsOf, contents, type Element, elementAt, is, need, sequenceOf, whole } from "./asn1/ber.ts";
import { colonHex } from "./asn1/value-words.ts";

/** A public key, read for showing. Unknown algorithms are keys too. */
export interface ReadKey {
  algorithm: Algorithm;
  kind: "RSA" | "RSA-PSS" | "EC" | "Ed25519" | "Ed448" | "X25519" | "X448" | "DSA" | "other";
  /** Of an EC key: "P-256", or the OID. */
  curve: string | null;
  bits: number | null;
  /** Bits of subjectPublicKey. */
  key: Buffer;
  spki: Buffer;
  view: PublicKeyView;
}

const kinds: Record<string, ReadKey["kind"]> = {
  "1.2.840.113549.1.1.1": "RSA",
  "1.2.840.113549.1.1.10": "RSA-PSS",
  "1.2.840.10045.2.1": "EC",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
  "1.3.101.110": "X25519",
  "1.3.101.111": "X448",
  "1.2.840.10040.4.1": "DSA",
};

type Facts = Pick<ReadKey, "curve" | "bits"> & { words: string; facts: PublicKeyView["facts"] };

/** SubjectPublicKeyInfo (RFC 5280 4.1.2.7). @throws BerError naming the byte */
export const publicKeyOf = (element: Element): ReadKey => {
  const [first, second] = sequenceOf(element, "A public key", element.offset);
  const algorithm = algorithmOf(first, "The key's algorithm", element.start);
  const string = need(second, "bitString", "The key's bits", element.stop);
  const key = bitsOf(string);
  const kind = kinds[algorithm.oid] ?? "other";
  const { curve, bits, words, facts } = factsOf(kind, algorithm, string, key);
  const spki = whole(element);
  return {
    algorithm,
    kind,
    curve,
    bits,
    key,
    spki,
    view: { words, algorithm: algorithm.view, facts, spki: spki.toString("base64") },
  };
};

const factsOf = (kind: ReadKey["kind"], algorithm: Algorithm, string: Element, key: Buffer): Facts => {
  switch (kind) {
    case "RSA":
    case "RSA-PSS":
      return rsaFacts(kind, string);
    case "EC":
      return ecFacts(algorithm, key);
    case "DSA":
      return dsaFacts(algorithm, key);
    default:
      return {
        curve: null,
        bits: kind === "other" ? null : key.length * 8,
        words: kind === "other" ? algorithm.view.name : kind,
        facts: [{ name: "Public key", value: colonHex(key) }],
      };
  }
};

const rsaFacts = (kind: "RSA" | "RSA-PSS", string: Element): Facts => {
  // RSAPublicKey (RFC 8017 A.1.1) after the octet that counts unused bits; read in place, so that faults have its byte.
  const at = string.start + 1;
  const [modulus, exponent] = sequenceOf(elementAt(string.source, at, string.stop), "An RSA key", at);
  const number = contents(need(modulus, "integer", "A modulus", at));
  const bits = bitLength(number);
  const power = contents(need(exponent, "integer", "An exponent", string.stop));
  return {
    curve: null,
    bits,
    words: `${kind} ${bits}`,
    facts: [
      { name: "Modulus", value: `${bits} bits, ${colonHex(number)}` },
      {
        name: "Exponent",
        value: power.length <= 8 ? String(BigInt(`0x${power.toString("hex") || "0"}`)) : colonHex(power),
      },
    ],
  };
};

const ecFacts = ({ parameters }: Algorithm, key: Buffer): Facts => {
  const found = parameters ? curveOfParameters(whole(parameters)) : null;
  const name = found?.name ?? "no curve named";
  const form = { 2: "compressed", 3: "compressed", 4: "uncompressed" }[key[0] ?? 0] ?? "in an unknown form";
  return {
    curve: name,
    bits: found?.bits ?? null,
    words: `EC ${name}`,
    facts: [
      { name: "Curve", value: found?.bits ? `${name}, ${found.bits} bits` : name },
      { name: "Point", value: `${form}, ${colonHex(key)}` },
    ],
  };
};

const dsaFacts = ({ parameters }: Algorithm, key: Buffer): Facts => {
  const [p] = parameters && is(parameters, "sequence") ? sequenceOf(parameters, "DSA parameters", 0) : [];
  const bits = p ? bitLength(contents(p)) : null;
  return {
    curve: null,
    bits,
    words: bits ? `DSA ${bits}` : "DSA",
    facts: [{ name: "Public key", value: colonHex(key) }],
  };
};

const digest = (hash: string, bytes: Buffer) => createHash(hash).update(bytes).digest();

/** What a key is known by elsewhere. */
export const keyFingerprints = ({ spki, key, kind }: ReadKey): ViewedItem["fingerprints"] => {
  const modulus = kind === "RSA" || kind === "RSA-PSS" ? modulusOf(key) : null;
  return [
    { name: "Public key SHA-256", value: colonHex(digest("sha256", spki)) },
    { name: "Public key pin (SPKI SHA-256, base64)", value: digest("sha256", spki).toString("base64") },
    { name: "Key identifier (RFC 5280, method 1)", value: colonHex(digest("sha1", key)) },
    ...(modulus ? [{ name: "CKA_ID by the modulus (NSS, Java)", value: digest("sha1", modulus).toString("hex") }] : []),
  ];
};

const modulusOf = (key: Buffer): Buffer | null => {
  const [modulus] = sequenceOf(elementAt(key, 0), "An RSA key", 0);
  const bytes = modulus ? contents(modulus) : Buffer.alloc(0);
  const at = bytes.findIndex((byte) => byte !== 0);
  return at < 0 ? null : bytes.subarray(at);
};

/** Of a whole certificate, request or list. */
export const fingerprints = (der: Buffer): ViewedItem["fingerprints"] => [
  { name: "SHA-256", value: colonHex(digest("sha256", der)) },
  { name: "SHA-1", value: colonHex(digest("sha1", der)) },
];
