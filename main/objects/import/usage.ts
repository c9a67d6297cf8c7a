import type { CertificateKeyUsage } from "../../../preload/contract/certificate-profile.ts";
import type { ImportItem } from "../../../preload/contract/objects.ts";
import type { KeyUse } from "../../../preload/contract/shared.ts";
import { certificateUsage } from "../../keys/certificate-usage.ts";
import type { PublicKey } from "../../keys/public-key.ts";
import { usesOf } from "../../keys/usage.ts";
import { failure } from "../../pkcs11/failure.ts";

export interface ProposedUsage {
  uses: KeyUse[];
  usage: KeyUse[];
  usageWhy: string;
}

/** What a certificate that names a use needs of the private key. */
const needed: Partial<Record<CertificateKeyUsage, KeyUse>> = {
  digitalSignature: "sign",
  nonRepudiation: "sign",
  keyCertSign: "sign",
  cRLSign: "sign",
  keyEncipherment: "decrypt",
  dataEncipherment: "decrypt",
  keyAgreement: "derive",
};

/** Where no certificate says what the key is for. */
const usual: Record<PublicKey["type"], KeyUse[]> = {
  RSA: ["sign", "decrypt"],
  EC: ["sign"],
  Ed25519: ["sign"],
  X25519: ["derive"],
};

/**
 * What a key from a file would be for. Nothing is left to the module: SoftHSM and others allow all that is not denied.
 * @param certificates those with this key, in the file first, then on the token
 */
export const proposedUsage = (type: PublicKey["type"], certificates: Buffer[]): ProposedUsage => {
  const uses = usesOf[type];
  for (const certificate of certificates) {
    const allowed = certificateUsage(certificate);
    const usage = uses.filter((use) => allowed?.some((name) => needed[name] === use));
    if (allowed && usage.length > 0) return { uses, usage, usageWhy: `Its certificate is for ${allowed.join(", ")}.` };
  }
  const usageWhy =
    uses.length === 1
      ? `${type} keys do nothing else.`
      : `No certificate says what the key is for; this is usual for ${type} keys.`;
  return { uses, usage: usual[type], usageWhy };
};

/** @throws Failure INVALID_REQUEST for a use that the object cannot have, and for a private key that is for nothing */
export const checkUsage = (
  { kind, uses, summary }: Pick<ImportItem, "kind" | "uses" | "summary">,
  wanted: readonly KeyUse[],
): void => {
  const impossible = wanted.find((use) => !uses.includes(use));
  if (impossible === undefined && (kind !== "privateKey" || wanted.length > 0)) return;
  throw failure("INVALID_REQUEST", {
    where: summary,
    message: impossible
      ? `It cannot be for "${impossible}".`
      : "A private key that may be used for nothing is of no use.",
    remedy: uses.length > 0 ? `Choose of ${uses.join(", ")}.` : "Leave its `usage` out.",
  });
};
