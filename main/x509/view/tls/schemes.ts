import type { SchemeView } from "../../../../preload/contract/x509.ts";
import { type Hash, hashLengths } from "../../hashes.ts";
import { type Algorithm, hashOf } from "../algorithm.ts";
import type { ReadKey } from "../public-key.ts";

const both: SchemeView["versions"] = ["1.2", "1.3"];
const old: SchemeView["versions"] = ["1.2"];

/** SignatureScheme (RFC 8446 4.2.3, RFC 8734 for Brainpool) with OpenSSL's words for its sigalgs settings. */
const table = {
  "0804": { name: "rsa_pss_rsae_sha256", openssl: "rsa_pss_rsae_sha256" },
  "0805": { name: "rsa_pss_rsae_sha384", openssl: "rsa_pss_rsae_sha384" },
  "0806": { name: "rsa_pss_rsae_sha512", openssl: "rsa_pss_rsae_sha512" },
  "0809": { name: "rsa_pss_pss_sha256", openssl: "rsa_pss_pss_sha256" },
  "080a": { name: "rsa_pss_pss_sha384", openssl: "rsa_pss_pss_sha384" },
  "080b": { name: "rsa_pss_pss_sha512", openssl: "rsa_pss_pss_sha512" },
  "0401": { name: "rsa_pkcs1_sha256", openssl: "RSA+SHA256" },
  "0501": { name: "rsa_pkcs1_sha384", openssl: "RSA+SHA384" },
  "0601": { name: "rsa_pkcs1_sha512", openssl: "RSA+SHA512" },
  "0301": { name: "rsa_sha224", openssl: "RSA+SHA224" },
  "0201": { name: "rsa_pkcs1_sha1", openssl: "RSA+SHA1" },
  "0403": { name: "ecdsa_secp256r1_sha256", openssl: "ECDSA+SHA256" },
  "0503": { name: "ecdsa_secp384r1_sha384", openssl: "ECDSA+SHA384" },
  "0603": { name: "ecdsa_secp521r1_sha512", openssl: "ECDSA+SHA512" },
  "0303": { name: "ecdsa_sha224", openssl: "ECDSA+SHA224" },
  "0203": { name: "ecdsa_sha1", openssl: "ECDSA+SHA1" },
  "0807": { name: "ed25519", openssl: "ed25519" },
  "0808": { name: "ed448", openssl: "ed448" },
  // Only OpenSSL 3.2 and newer know these.
  "081a": { name: "ecdsa_brainpoolP256r1tls13_sha256", openssl: null },
  "081b": { name: "ecdsa_brainpoolP384r1tls13_sha384", openssl: null },
  "081c": { name: "ecdsa_brainpoolP512r1tls13_sha512", openssl: null },
  "0402": { name: "dsa_sha256", openssl: "DSA+SHA256" },
  "0202": { name: "dsa_sha1", openssl: "DSA+SHA1" },
} as const;

type Code = keyof typeof table;

const scheme = (code: Code, versions: SchemeView["versions"]): SchemeView => ({ code, ...table[code], versions });

/** Schemes of TLS 1.3 that are bound to a curve. */
const curveSchemes: Record<string, Code> = {
  "P-256": "0403",
  "P-384": "0503",
  "P-521": "0603",
  brainpoolP256r1: "081a",
  brainpoolP384r1: "081b",
  brainpoolP512r1: "081c",
};

const ecdsaCodes: Code[] = ["0403", "0503", "0603"];

/** In TLS 1.2 the hash alone counts, with whatever curve (RFC 5246 7.4.1.4.1); in 1.3 curve and hash belong together. */
const ecSchemes = (curve: string): SchemeView[] => {
  const own = curveSchemes[curve];
  // Brainpool's code points are for TLS 1.3 alone.
  const first = own ? [scheme(own, ecdsaCodes.includes(own) ? both : ["1.3"])] : [];
  return [...first, ...ecdsaCodes.filter((code) => code !== own).map((code) => scheme(code, old))];
};

const pssCodes: Record<"RSA" | "RSA-PSS", Record<Hash, Code>> = {
  RSA: { sha256: "0804", sha384: "0805", sha512: "0806" },
  "RSA-PSS": { sha256: "0809", sha384: "080a", sha512: "080b" },
};

/** PSS with a salt as long as the hash needs room for both (RFC 8017 9.1.1); a PSS key may be bound to one hash. */
const pssSchemes = (kind: "RSA" | "RSA-PSS", bits: number, only: string | null): SchemeView[] =>
  (["sha256", "sha384", "sha512"] as const).flatMap((hash) => {
    const fits = Math.ceil((bits - 1) / 8) >= 2 * hashLengths[hash] + 2;
    return fits && (only === null || only === hash) ? [scheme(pssCodes[kind][hash], both)] : [];
  });

/** Schemes with which a key signs handshakes, the preferred one first; none for keys that do not sign. */
export const keySchemes = ({ kind, curve, bits, algorithm }: ReadKey): SchemeView[] => {
  switch (kind) {
    case "RSA":
      return [
        ...pssSchemes("RSA", bits ?? 0, null),
        // PKCS#1 v1.5 no longer signs handshakes in TLS 1.3, certificates only.
        ...(["0401", "0501", "0601"] as const).map((code) => scheme(code, old)),
      ];
    case "RSA-PSS":
      return pssSchemes("RSA-PSS", bits ?? 0, algorithm.pss?.hash ?? null);
    case "EC":
      return ecSchemes(curve ?? "");
    case "Ed25519":
      return [scheme("0807", both)];
    case "Ed448":
      return [scheme("0808", both)];
    case "DSA":
      return [scheme("0402", old), scheme("0202", old)];
    default:
      return [];
  }
};

const bySignature: Record<string, Code> = {
  "1.2.840.113549.1.1.5": "0201",
  "1.2.840.113549.1.1.14": "0301",
  "1.2.840.113549.1.1.11": "0401",
  "1.2.840.113549.1.1.12": "0501",
  "1.2.840.113549.1.1.13": "0601",
  "1.2.840.10045.4.1": "0203",
  "1.2.840.10045.4.3.1": "0303",
  "1.2.840.10045.4.3.2": "0403",
  "1.2.840.10045.4.3.3": "0503",
  "1.2.840.10045.4.3.4": "0603",
  "1.3.101.112": "0807",
  "1.3.101.113": "0808",
  "1.2.840.10040.4.3": "0202",
  "2.16.840.1.101.3.4.3.2": "0402",
};

/**
 * The scheme of a certificate's signature; null if TLS has none for it.
 * @param signer the key that made it, where it is known: RSASSA-PSS by a PSS key has a code point of its own
 */
export const signatureScheme = (algorithm: Algorithm, signer: ReadKey | null): SchemeView | null => {
  if (algorithm.pss) {
    const codes: Partial<Record<string, Code>> = pssCodes[signer?.kind === "RSA-PSS" ? "RSA-PSS" : "RSA"];
    const code = codes[hashOf(algorithm) ?? ""];
    return code ? scheme(code, both) : null;
  }
  const code =
    signer?.curve && curveSchemes[signer.curve] && !ecdsaCodes.includes(curveSchemes[signer.curve] as Code)
      ? curveSchemes[signer.curve]
      : bySignature[algorithm.oid];
  return code ? scheme(code, both) : null;
};
