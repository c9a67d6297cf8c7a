import { revocationReasons } from "../../../../preload/contract/certificate-names.ts";
import { contents, integerOf, need, octetsOf } from "../asn1/ber.ts";
import { oidOf, oidWords } from "../asn1/oids.ts";
import { textOf, visible } from "../asn1/strings.ts";
import { timeOf, timeWords } from "../asn1/times.ts";
import { hexWords } from "../asn1/value-words.ts";
import type { Decoder } from "./decoder.ts";

/** Names of CRLReason (RFC 5280 5.3.1) by number. */
export const reasons: Record<number, string> = Object.fromEntries(
  Object.entries(revocationReasons).map(([name, number]) => [number, name]),
);

const number =
  (before: string): Decoder =>
  (value) => [`${before}${integerOf(need(value, "integer", "A number", value.offset))}`];

const text: Decoder = (value) => [visible(textOf(value) ?? hexWords(octetsOf(value)))];

/** Of entries of a CRL, of CRLs, and single values of others. */
export const revocationDecoders: Record<string, Decoder> = {
  "2.5.29.20": number("CRL number "),
  "2.5.29.27": number("Changes since CRL number "),
  "2.5.29.21": (value) => {
    const reason = Number(integerOf(need(value, "enumerated", "A reason", value.offset)));
    return [reasons[reason] ?? `reason ${reason}`];
  },
  "2.5.29.23": (value) => [oidWords(oidOf(need(value, "oid", "An instruction", value.offset)))],
  "2.5.29.24": (value) => [timeWords(timeOf(value))],
  "1.3.6.1.5.5.7.48.1.5": () => ["The certificate of this OCSP responder need not be checked"],
  "1.3.6.1.4.1.11129.2.4.3": () => ["A precertificate: not to be used as a certificate"],
  "2.16.840.1.113730.1.2": text,
  "2.16.840.1.113730.1.3": text,
  "2.16.840.1.113730.1.4": text,
  "2.16.840.1.113730.1.7": text,
  "2.16.840.1.113730.1.8": text,
  "2.16.840.1.113730.1.12": text,
  "2.16.840.1.113730.1.13": text,
  "1.3.6.1.4.1.311.20.2": text,
  "1.3.6.1.4.1.311.21.2": (value) => [hexWords(contents(need(value, "octetString", "A hash", value.offset)))],
};
