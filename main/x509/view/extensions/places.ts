import { bitNumbers, type Element, inner, isContext, need, sequenceOf, within } from "../asn1/ber.ts";
import { oidOf, oidWords } from "../asn1/oids.ts";
import { valueWords } from "../asn1/value-words.ts";
import { generalName, generalNames } from "../names/general-name.ts";
import type { Decoder } from "./decoder.ts";

/** Bits of ReasonFlags (RFC 5280 4.2.1.13). */
const reasonFlags = [
  "unused",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise",
];

const reasonWords = (element: Element): string =>
  bitNumbers(element)
    .map((bit) => reasonFlags[bit] ?? `bit ${bit}`)
    .join(", ");

/** DistributionPointName in words. */
const pointName = (element: Element): string[] => {
  const name = within(element, "a distribution point's name");
  if (isContext(name, 0)) return generalNames(name);
  return [`relative to the CRL issuer: ${inner(name).flatMap(inner).map(valueWords).join(" ")}`];
};

/** cRLDistributionPoints and freshestCRL (4.2.1.13, 4.2.1.15). */
const distributionPoints: Decoder = (value) =>
  sequenceOf(value, "A list of distribution points", value.offset).flatMap((point) =>
    sequenceOf(point, "A distribution point", point.offset).flatMap((part) => {
      if (isContext(part, 0)) return pointName(part);
      if (isContext(part, 1)) return [`for the reasons ${reasonWords(part)}`];
      return generalNames(part).map((name) => `CRL issuer ${name}`);
    }),
  );

/** issuingDistributionPoint of a CRL (5.2.5). */
const issuingDistributionPoint: Decoder = (value) => {
  const words: Record<number, string> = {
    1: "Only certificates of end entities",
    2: "Only certificates of CAs",
    4: "Also certificates of other issuers (indirect)",
    5: "Only attribute certificates",
  };
  return sequenceOf(value, "issuingDistributionPoint", value.offset).flatMap((part) => {
    if (isContext(part, 0)) return pointName(part);
    if (isContext(part, 3)) return [`Only for the reasons ${reasonWords(part)}`];
    return [words[part.tag] ?? `Unknown part [${part.tag}]`];
  });
};

/** authorityInfoAccess and subjectInfoAccess (4.2.2). */
const informationAccess: Decoder = (value) =>
  sequenceOf(value, "A list of accesses", value.offset).map((access) => {
    const [method, place] = sequenceOf(access, "An access", access.offset);
    const oid = oidOf(need(method, "oid", "A method", access.start));
    return `${oidWords(oid)}: ${place ? generalName(place) : "nowhere"}`;
  });

export const placeDecoders: Record<string, Decoder> = {
  "2.5.29.31": distributionPoints,
  "2.5.29.46": distributionPoints,
  "2.5.29.28": issuingDistributionPoint,
  "1.3.6.1.4.1.311.21.4": (value) => [valueWords(value)],
  "1.3.6.1.4.1.311.21.14": distributionPoints,
  "1.3.6.1.5.5.7.1.1": informationAccess,
  "1.3.6.1.5.5.7.1.11": informationAccess,
};
