import { constants, createPublicKey, verify, X509Certificate } from "node:crypto";
import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { type Element, inner, integerOf, isContext, need, sequenceOf, within } from "./asn1/ber.ts";
import { oidName, oidOf } from "./asn1/oids.ts";
import { valueWords } from "./asn1/value-words.ts";

export type AlgorithmView = NonNullable<ViewedItem["signature"]>["algorithm"];

/** AlgorithmIdentifier (RFC 5280 4.1.1.2), read. */
export interface Algorithm {
  oid: string;
  parameters: Element | undefined;
  view: AlgorithmView;
  /** Of RSASSA-PSS; null for others. */
  pss: PssParameters | null;
}

/** RSASSA-PSS-params (RFC 4055 3.1). */
export interface PssParameters {
  hash: string;
  maskHash: string;
  saltLength: number;
}

const pssOid = "1.2.840.113549.1.1.10";

/** @param after byte where it is missed if there is none. @throws BerError */
export const algorithmOf = (element: Element | undefined, what: string, after: number): Algorithm => {
  const [id, parameters] = sequenceOf(element, what, after);
  const oid = oidOf(need(id, "oid", what, after));
  const pss = oid === pssOid && parameters?.constructed ? pssOf(parameters) : null;
  return {
    oid,
    parameters,
    pss,
    view: {
      oid,
      name: oidName(oid) ?? oid,
      parameters: pss
        ? [
            { name: "Hash", value: pss.hash },
            { name: "Mask", value: `MGF1 with ${pss.maskHash}` },
            { name: "Salt", value: `${pss.saltLength} bytes` },
          ]
        : parametersWords(parameters),
    },
  };
};

const parametersWords = (parameters: Element | undefined): AlgorithmView["parameters"] => {
  if (!parameters) return [];
  const value = parameters.constructed ? "" : valueWords(parameters);
  return value === "" ? [] : [{ name: "Parameter", value }];
};

/** The defaults are SHA-1, MGF1 with SHA-1 and 20 bytes of salt. */
const pssOf = (parameters: Element): PssParameters => {
  const parts = inner(parameters);
  const part = (tag: number) => parts.find((one) => isContext(one, tag));
  const [hash, mask, salt] = [part(0), part(1), part(2)];
  const hashName = (element: Element): string => {
    const [id] = sequenceOf(element, "A hash", element.offset);
    const oid = oidOf(need(id, "oid", "A hash", element.start));
    return oidName(oid) ?? oid;
  };
  const maskHash = mask ? sequenceOf(within(mask, "the mask"), "A mask", mask.start)[1] : undefined;
  return {
    hash: hash ? hashName(within(hash, "the hash")) : "sha1",
    maskHash: maskHash ? hashName(maskHash) : "sha1",
    saltLength: salt ? Number(integerOf(within(salt, "the salt"))) : 20,
  };
};

/** Hashes of signature algorithms by OID; null: the algorithm has its own. */
const hashes: Record<string, string | null> = {
  "1.2.840.113549.1.1.4": "md5",
  "1.2.840.113549.1.1.5": "sha1",
  "1.3.14.3.2.29": "sha1",
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.113549.1.1.14": "sha224",
  "1.2.840.10045.4.1": "sha1",
  "1.2.840.10045.4.3.1": "sha224",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
  "2.16.840.1.101.3.4.3.9": "sha3-224",
  "2.16.840.1.101.3.4.3.10": "sha3-256",
  "2.16.840.1.101.3.4.3.11": "sha3-384",
  "2.16.840.1.101.3.4.3.12": "sha3-512",
  "1.2.840.10040.4.3": "sha1",
  "2.16.840.1.101.3.4.3.1": "sha224",
  "2.16.840.1.101.3.4.3.2": "sha256",
  "1.3.101.112": null,
  "1.3.101.113": null,
};

/** Hash of a signature algorithm ("sha256"); null if it has none of its own, or is not known. */
export const hashOf = ({ oid, pss }: Algorithm): string | null => pss?.hash ?? hashes[oid] ?? null;

/**
 * Whether a signature was made with the key's other half.
 * @param spki SubjectPublicKeyInfo in DER
 * @param signed what is signed
 * @param certificate the whole certificate, where it is one
 * @returns null where it cannot be checked: the algorithm or curve is not known to the cryptography that is at hand
 */
export const checkSignature = (
  algorithm: Algorithm,
  spki: Buffer,
  signed: Buffer,
  signature: Buffer,
  certificate: Buffer | null = null,
): boolean | null => {
  const { oid, pss } = algorithm;
  if (oid === pssOid ? !pss : !Object.hasOwn(hashes, oid)) return null;
  try {
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    // Node's verify has one hash for both; its certificates know the mask's own.
    if (pss && pss.hash !== pss.maskHash) return certificate ? new X509Certificate(certificate).verify(key) : null;
    const padding = pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength } : {};
    return verify(hashOf(algorithm), signed, { key, ...padding }, signature);
  } catch {
    return null;
  }
};
