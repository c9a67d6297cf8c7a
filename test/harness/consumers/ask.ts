/** What a program is asked about: one private key on one token, and how to reach it. */
export interface Question {
  /** Path of the PKCS#11 module. */
  module: string;
  /** Variables that the module needs, such as SOFTHSM2_CONF. */
  environment: Record<string, string>;
  token: {
    label: string;
    serial: string;
    /** Number of the slot, which SunPKCS11 wants. */
    slot: number;
  };
  /** File with the PIN and nothing else, readable by its owner alone: PINs are neither in argv nor in the environment. */
  pinFile: string;
  key: {
    /** CKA_ID in hexadecimal, perhaps empty. */
    id: string;
    /** CKA_LABEL, perhaps empty. */
    label: string;
    /** SubjectPublicKeyInfo in DER: who the key really is, whatever objects on the token say. */
    spki: Buffer;
    type: KeyType;
  };
  /** The certificate that the user wants to be known by, if there is any, in DER. */
  certificate: Buffer | null;
  /** Certificates of CAs that are on the token, in DER. */
  chain: Buffer[];
}

export type KeyType = "RSA" | "P-256" | "P-384" | "P-521" | "secp256k1" | "brainpoolP256r1" | "Ed25519";

/** What one program answered. null: it has no such thing, or there is no certificate to ask about. */
export interface Answer {
  /** It lists or loads this private key. */
  finds: boolean;
  /** It tells the key's public key, as requests and TLS need it. null: it does not show one. */
  publicKey: boolean | null;
  /** It shows a certificate of this key as the key's own. null: the program has no such list. */
  certificate: boolean | null;
  /** It made a signature that verifies with the key's true public key. */
  signs: boolean | null;
  /**
   * As a TLS client it proved the key with the certificate asked about, and the server trusted it, or did not
   * ("refused"); or it came with "another" certificate, or with "none", or broke the connection off.
   */
  client: "accepted" | "refused" | "another" | "none" | null;
  /** The program's own words where it failed, shortened, without what differs from run to run. */
  words: string;
}

export const consumers = ["java", "gnutls", "openssl", "openssh", "nss"] as const;
export type Consumer = (typeof consumers)[number];

/**
 * What an answer comes to: "no": the key is not listed; "yes": it is, and serves for everything that the program does with
 * keys; "partly" otherwise.
 */
export const seesOf = ({ finds, publicKey, certificate, signs, client }: Answer): "yes" | "partly" | "no" => {
  if (!finds) return "no";
  const lacks = [publicKey, signs, certificate].includes(false) || (client !== null && client !== "accepted");
  return lacks ? "partly" : "yes";
};
