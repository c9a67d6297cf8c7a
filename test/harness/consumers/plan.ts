import type { Template } from "pkcs11js";
import type { KeyType } from "./ask.ts";
import type { Wanted } from "./issue-certificate.ts";

/** CKA_ID in hexadecimal and CKA_LABEL of one object. */
export interface Named {
  id: string;
  label: string;
}

export interface PlannedCertificate extends Named {
  private: boolean;
  /** Whose public key is in it. */
  of: "key" | "another key";
  issuer: "root" | "intermediate";
  /** What of the certificate differs from a good one for a TLS client. */
  differs: Partial<Wanted>;
  /** The CA's own certificate instead of one for a key. */
  ca?: "intermediate";
  /** Without CKA_SUBJECT, CKA_ISSUER and CKA_SERIAL_NUMBER. */
  bare: boolean;
}

/** The objects of a token that stand for one key. */
export interface Plan {
  privateKey: Named & { sign: boolean; more: Template };
  /** A second private key, with another value. */
  twin: Named | null;
  /** Another key pair on the token that has nothing to do with this one. */
  neighbour: KeyType | null;
  publicKey: (Named & { private: boolean }) | null;
  certificates: PlannedCertificate[];
}

export const goodId = "a1b2c3d4";
export const goodLabel = "Signer";
const named: Named = { id: goodId, label: goodLabel };
export const certificate: PlannedCertificate = {
  ...named,
  private: false,
  of: "key",
  issuer: "root",
  differs: {},
  bare: false,
};

/** Private key, public key and certificate with one CKA_ID and one label. */
export const linked: Plan = {
  privateKey: { ...named, sign: true, more: [] },
  twin: null,
  neighbour: null,
  publicKey: { ...named, private: false },
  certificates: [certificate],
};
