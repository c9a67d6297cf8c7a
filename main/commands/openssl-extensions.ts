import type {
  AlternativeName,
  CertificateProfile,
  SignatureAlgorithm,
} from "../../preload/contract/certificate-profile.ts";

/** Options of openssl req for a signature algorithm; Ed25519 has no digest. */
export const opensslDigest = (algorithm: SignatureAlgorithm | undefined): string[] => {
  const hash = algorithm?.match(/SHA\d+$/)?.[0].toLowerCase();
  if (hash === undefined) return [];
  const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"];
  return [`-${hash}`, ...(algorithm?.includes("PSS") ? pss : [])];
};

const nameWords: Record<AlternativeName["type"], string> = {
  dns: "DNS:",
  ip: "IP:",
  email: "email:",
  uri: "URI:",
  upn: "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:",
};

/**
 * A profile as values of openssl req's -addext, in the language of x509v3_config(5).
 * @returns null where that language cannot say a value: it splits at commas, and reads bytes outside
 * ASCII as Latin-1
 */
export const opensslExtensions = (profile: CertificateProfile): string[] | null => {
  const { basicConstraints, keyUsage, extendedKeyUsage, san, extensions } = profile;
  if (san.some(({ value }) => /[^\x20-\x7e]|,/.test(value))) return null;
  const marked = (name: CertificateProfile["critical"][number], values: string[]): string =>
    `${name}=${[...(profile.critical.includes(name) ? ["critical"] : []), ...values].join(",")}`;
  return [
    ...(basicConstraints ? [marked("basicConstraints", constraintWords(basicConstraints))] : []),
    ...(keyUsage.length > 0 ? [marked("keyUsage", keyUsage)] : []),
    ...(extendedKeyUsage.length > 0 ? [marked("extendedKeyUsage", extendedKeyUsage.map(purposeWords))] : []),
    ...(san.length > 0
      ? [
          marked(
            "subjectAltName",
            san.map(({ type, value }) => `${nameWords[type]}${value}`),
          ),
        ]
      : []),
    ...extensions.map(({ oid, critical, value }) => `${oid}=${critical ? "critical," : ""}DER:${value}`),
  ];
};

const constraintWords = ({ ca, pathLength }: NonNullable<CertificateProfile["basicConstraints"]>): string[] => [
  `CA:${ca ? "TRUE" : "FALSE"}`,
  ...(pathLength === undefined ? [] : [`pathlen:${pathLength}`]),
];

/** Where OpenSSL has another name for a purpose than RFC 5280. */
const opensslPurposes: Record<string, string> = { smartcardLogon: "msSmartcardLogin" };
const purposeWords = (purpose: string): string => opensslPurposes[purpose] ?? purpose;
