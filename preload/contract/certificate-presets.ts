import type {
  AlternativeName,
  CertificateKeyUsage,
  CertificateProfile,
  ExtendedKeyUsageName,
} from "./certificate-profile.ts";

/** What a certificate is commonly made for, as the start of a profile. */
export interface CertificatePreset {
  name: string;
  title: string;
  /** What such a certificate is good for, in one sentence. */
  words: string;
  keyUsage: CertificateKeyUsage[];
  /** Further bits for RSA keys, which can encrypt keys; those on curves cannot (RFC 5480, 3; RFC 8410, 5). */
  keyUsageOfRsa: CertificateKeyUsage[];
  /** Further bits for keys on curves that agree on keys; Ed25519 does not. */
  keyUsageOfCurves: CertificateKeyUsage[];
  extendedKeyUsage: ExtendedKeyUsageName[];
  ca: boolean;
  /** Alternative names that such a certificate needs to be accepted. */
  needs: AlternativeName["type"][];
}

const preset = (
  name: string,
  title: string,
  words: string,
  parts: Partial<Omit<CertificatePreset, "name" | "title" | "words">>,
): CertificatePreset => ({
  name,
  title,
  words,
  keyUsage: ["digitalSignature"],
  keyUsageOfRsa: [],
  keyUsageOfCurves: [],
  extendedKeyUsage: [],
  ca: false,
  needs: [],
  ...parts,
});

export const certificatePresets: CertificatePreset[] = [
  preset("tlsClient", "TLS client", "A program or person proves to a server who they are.", {
    extendedKeyUsage: ["clientAuth"],
  }),
  preset("tlsServer", "TLS server", "A server proves its names to browsers and programs.", {
    keyUsageOfRsa: ["keyEncipherment"],
    extendedKeyUsage: ["serverAuth"],
    needs: ["dns"],
  }),
  preset("smime", "Mail (S/MIME)", "Signs mail, and receives encrypted mail where the key can decrypt.", {
    keyUsage: ["digitalSignature", "nonRepudiation"],
    keyUsageOfRsa: ["keyEncipherment"],
    keyUsageOfCurves: ["keyAgreement"],
    extendedKeyUsage: ["emailProtection"],
    needs: ["email"],
  }),
  preset("codeSigning", "Code signing", "Signs programs and packages.", { extendedKeyUsage: ["codeSigning"] }),
  preset("ca", "CA", "Signs other certificates and revocation lists.", {
    keyUsage: ["digitalSignature", "keyCertSign", "cRLSign"],
    ca: true,
  }),
  preset("smartCardLogin", "Smart-card login", "Logs a person in to Windows or to a domain with the token.", {
    extendedKeyUsage: ["clientAuth", "smartcardLogon"],
    needs: ["upn"],
  }),
];

/** A preset for a kind of key, as everything of a profile but the names. */
export const presetProfile = (
  { keyUsage, keyUsageOfRsa, keyUsageOfCurves, extendedKeyUsage, ca }: CertificatePreset,
  keyType: "RSA" | "EC" | "Ed25519",
): Pick<CertificateProfile, "keyUsage" | "extendedKeyUsage" | "basicConstraints"> => ({
  keyUsage: [...keyUsage, ...(keyType === "RSA" ? keyUsageOfRsa : []), ...(keyType === "EC" ? keyUsageOfCurves : [])],
  extendedKeyUsage: [...extendedKeyUsage],
  basicConstraints: { ca },
});
