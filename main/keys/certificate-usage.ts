import { DerError } from "../pkcs11/der.ts";
import { bits, children, expectTag, octets, oidOf, readAll, readNode, sequence, tags } from "./ber.ts";

/** Bits of KeyUsage (RFC 5280 4.2.1.3), first bit first. */
const usageBits = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;
export type CertificateUsage = (typeof usageBits)[number];

const keyUsageOid = "2.5.29.15";

/** @returns what a certificate's KeyUsage allows its key, or null if it has no such extension or cannot be read. */
export const certificateUsage = (certificate: Buffer): CertificateUsage[] | null => {
  try {
    const [body] = sequence(readAll(certificate), "Certificate");
    // [3] EXPLICIT Extensions is the last field of TBSCertificate.
    const last = children(expectTag(body, tags.sequence, "TBSCertificate")).at(-1);
    if (last?.tag !== 0xa3) return null;
    for (const extension of sequence(readNode(last.content), "Extensions")) {
      const [oid, ...rest] = sequence(extension, "Extension");
      if (oidOf(oid, "an extension's type") !== keyUsageOid) continue;
      const value = readAll(octets(expectTag(rest.at(-1), tags.octetString, "an extension's value")));
      const bytes = bits(expectTag(value, tags.bitString, "KeyUsage"));
      return usageBits.filter((_name, i) => ((bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0);
    }
    return null;
  } catch (thrown) {
    if (thrown instanceof DerError) return null;
    throw thrown;
  }
};
