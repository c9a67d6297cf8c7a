import { bitNumbers, contents, inner, isContext, need, sequenceOf } from "../asn1/ber.ts";
import { oidOf, oidWords } from "../asn1/oids.ts";
import { colonHex } from "../asn1/value-words.ts";
import { generalNames } from "../names/general-name.ts";
import type { Decoder } from "./decoder.ts";

/** Bits of keyUsage (RFC 5280 4.2.1.3). */
const keyUsages = [
  "digitalSignature",
  "nonRepudiation (contentCommitment)",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
];

/** Bits of netscapeCertType. */
const netscapeTypes = [
  "SSL client",
  "SSL server",
  "S/MIME",
  "object signing",
  "reserved",
  "SSL CA",
  "S/MIME CA",
  "object signing CA",
];

const bitsIn =
  (names: string[], what: string): Decoder =>
  (value) => {
    const set = bitNumbers(need(value, "bitString", what, value.offset));
    return [set.length > 0 ? set.map((bit) => names[bit] ?? `bit ${bit}`).join(", ") : "nothing"];
  };

const subjectKeyIdentifier: Decoder = (value) => [
  colonHex(contents(need(value, "octetString", "A key identifier", value.offset))),
];

/** authorityKeyIdentifier (4.2.1.1). */
const authorityKeyIdentifier: Decoder = (value) =>
  sequenceOf(value, "authorityKeyIdentifier", value.offset).flatMap((one) => {
    if (isContext(one, 0)) return [`Key ${colonHex(contents(one))}`];
    if (isContext(one, 1)) return generalNames(one).map((name) => `Issuer ${name}`);
    return [`Serial number ${colonHex(contents(one))}`];
  });

const purposes: Decoder = (value) =>
  sequenceOf(value, "A list of purposes", value.offset).map((one) => oidWords(oidOf(one)));

/** applicationPolicies: Microsoft's extended key usage in the form of policies. */
const applicationPolicies: Decoder = (value) =>
  sequenceOf(value, "A list of policies", value.offset).flatMap((one) =>
    inner(one)
      .slice(0, 1)
      .map((oid) => oidWords(oidOf(oid))),
  );

export const keyDecoders: Record<string, Decoder> = {
  "2.5.29.15": bitsIn(keyUsages, "keyUsage"),
  "2.5.29.14": subjectKeyIdentifier,
  "2.5.29.35": authorityKeyIdentifier,
  "2.5.29.37": purposes,
  "1.3.6.1.4.1.311.21.10": applicationPolicies,
  "2.16.840.1.113730.1.1": bitsIn(netscapeTypes, "netscapeCertType"),
};
