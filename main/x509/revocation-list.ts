import { revocationReasons } from "../../preload/contract/certificate-names.ts";
import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import { tags } from "../keys/ber.ts";
import { der, derOid, derUnsigned } from "../pkcs11/der-write.ts";
import { algorithmIdentifier } from "./algorithms.ts";
import { derTime } from "./signed.ts";

const version2 = Buffer.from([0x02, 0x01, 0x01]);
const reasonCode = derOid("2.5.29.21");

type RevocationReason = keyof typeof revocationReasons;

export interface RevokedCertificate {
  /** Unsigned, big-endian. */
  serialNumber: Buffer;
  revoked: Date;
  reason?: RevocationReason;
}

export interface RevocationListParts {
  algorithm: SignatureAlgorithm;
  /** DER of the CA's Name, byte for byte the subject of its certificate. */
  issuer: Buffer;
  thisUpdate: Date;
  nextUpdate: Date;
  revoked: RevokedCertificate[];
  /** DER of each Extension; a CA must write authorityKeyIdentifier and cRLNumber (RFC 5280 5.2). */
  extensions: Buffer[];
}

/** TBSCertList, version 2 (RFC 5280 5.1.2): what is to be signed. */
export const revocationListToBeSigned = (parts: RevocationListParts): Buffer =>
  der(
    tags.sequence,
    version2,
    algorithmIdentifier(parts.algorithm),
    parts.issuer,
    derTime(parts.thisUpdate),
    derTime(parts.nextUpdate),
    // An empty list must be absent (RFC 5280 5.1.2.6).
    ...(parts.revoked.length > 0 ? [der(tags.sequence, ...parts.revoked.map(entry))] : []),
    der(0xa0, der(tags.sequence, ...parts.extensions)),
  );

const entry = ({ serialNumber, revoked, reason }: RevokedCertificate): Buffer =>
  der(tags.sequence, derUnsigned(serialNumber), derTime(revoked), ...entryExtensions(reason));

/** Unspecified is said by leaving the extension out (RFC 5280 5.3.1). */
const entryExtensions = (reason: RevocationReason | undefined): Buffer[] => {
  if (reason === undefined || reason === "unspecified") return [];
  const code = der(0x0a, Buffer.from([revocationReasons[reason]]));
  return [der(tags.sequence, der(tags.sequence, reasonCode, der(tags.octetString, code)))];
};
