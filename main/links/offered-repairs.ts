import type { LinkGroup, RepairKind } from "../../preload/contract/links.ts";
import { hasId, idOfZeros, type KeyFacts, otherLabels, signs } from "./facts.ts";
import type { Group } from "./group.ts";

type Offered = LinkGroup["repairs"][number];

const titles: Record<RepairKind, string> = {
  alignId: "Give them the private key's CKA_ID",
  alignLabel: "Give them the private key's label",
  writePublicKey: "Write the public key object",
  changeKeyId: "Give the key and all that belongs to it a CKA_ID of its own",
  moveForeign: "Give the other key's objects a CKA_ID of their own",
  completeCertificate: "Complete the certificate object",
  allowSign: "Let the private key sign",
};

/**
 * What can be repaired in a group. Certificate and public key take the private key's CKA_ID and label; its own are
 * changed only when that is asked for. Nothing is deleted.
 */
export const offeredRepairs = (group: Group, facts: KeyFacts): Offered[] => {
  if (facts.key.object.devicesOwn) return [];
  const { key, publicKeys, certificates, publicUnderId, certificatesUnderId, sameId, foreign } = facts;
  const offered: Offered[] = [];
  const offer = (kind: RepairKind, words: string) => offered.push({ kind, title: titles[kind], words });
  const apart = publicKeys.length + certificates.length - publicUnderId.length - certificatesUnderId.length;
  if (hasId(facts) && apart > 0)
    offer("alignId", `${apart === 1 ? "One object takes" : `${apart} objects take`} the CKA_ID ${key.object.id}.`);
  if (otherLabels(facts).length > 0) offer("alignLabel", `They take the label "${key.object.label}".`);
  if (publicKeys.length === 0 && (certificates.length > 0 || group.proof === "key bytes" || key.publicKey))
    offer("writePublicKey", "Its bytes are known from the certificate or the private key.");
  if (!hasId(facts) || sameId.length > 0 || idOfZeros(facts))
    offer("changeKeyId", "Private key, public key and certificate take the SHA-1 of the public key as their CKA_ID.");
  if (foreign.length > 0)
    offer("moveForeign", "They take that of their own private key if it is here, else the SHA-1 of their public key.");
  if (certificates.some(({ missing }) => missing.length > 0))
    offer(
      "completeCertificate",
      "A copy gets CKA_SUBJECT, CKA_ISSUER and CKA_SERIAL_NUMBER as the certificate has them.",
    );
  if (!signs(facts)) offer("allowSign", "CKA_SIGN is set to true.");
  return offered;
};
