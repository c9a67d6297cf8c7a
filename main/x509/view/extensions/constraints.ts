import { contents, type Element, inner, integerOf, is, isContext, need, sequenceOf } from "../asn1/ber.ts";
import { oidOf, oidWords } from "../asn1/oids.ts";
import { generalName } from "../names/general-name.ts";
import type { Decoder } from "./decoder.ts";

/** basicConstraints (RFC 5280 4.2.1.9). */
const basicConstraints: Decoder = (value) => {
  const [first, second] = sequenceOf(value, "basicConstraints", value.offset);
  const ca = is(first, "boolean") && contents(first)[0] !== 0;
  const length = is(first, "integer") ? first : second;
  return [
    ca ? "CA: yes" : "CA: no",
    ...(length
      ? [`At most ${integerOf(need(length, "integer", "A path length", value.start))} CA certificates below it`]
      : []),
  ];
};

/** nameConstraints (4.2.1.10). */
const nameConstraints: Decoder = (value) =>
  sequenceOf(value, "nameConstraints", value.offset).flatMap((subtrees) => {
    const word = isContext(subtrees, 0) ? "Permitted" : isContext(subtrees, 1) ? "Excluded" : "Unknown";
    return inner(subtrees).map((subtree) => {
      const [base, ...limits] = inner(subtree);
      const minimum = limits.find((one) => isContext(one, 0));
      const maximum = limits.find((one) => isContext(one, 1));
      const distance = [
        ...(minimum ? [`from level ${integerOf(minimum)}`] : []),
        ...(maximum ? [`to level ${integerOf(maximum)}`] : []),
      ];
      return `${word}: ${base ? generalName(base) : "nothing"}${distance.length > 0 ? `, ${distance.join(" ")}` : ""}`;
    });
  });

const certificatesWords = (count: bigint): string =>
  count === 1n ? "1 further certificate" : `${count} further certificates`;

/** policyConstraints (4.2.1.11). */
const policyConstraints: Decoder = (value) =>
  sequenceOf(value, "policyConstraints", value.offset).map((one) => {
    const after = `after ${certificatesWords(integerOf(one))}`;
    if (isContext(one, 0)) return `An explicit policy is required ${after}`;
    return isContext(one, 1) ? `Policy mapping is not allowed ${after}` : `Unknown constraint [${one.tag}]`;
  });

/** inhibitAnyPolicy (4.2.1.14). */
const inhibitAnyPolicy: Decoder = (value) => [
  `anyPolicy does not count after ${certificatesWords(integerOf(need(value, "integer", "A number of certificates", value.offset)))}`,
];

/** policyMappings (4.2.1.5). */
const policyMappings: Decoder = (value) =>
  sequenceOf(value, "policyMappings", value.offset).map((pair) => {
    const [from, to] = sequenceOf(pair, "A policy mapping", pair.offset).map(oidOf);
    return `${oidWords(from ?? "?")} is ${oidWords(to ?? "?")} here`;
  });

/** privateKeyUsagePeriod (RFC 3280 4.2.1.4): the times are shown as they are written. */
const privateKeyUsagePeriod: Decoder = (value) =>
  sequenceOf(value, "privateKeyUsagePeriod", value.offset).map((one) => generalised(one));

const generalised = (one: Element): string => {
  const text = contents(one).toString("latin1");
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})/.exec(text) ?? [];
  return `${isContext(one, 0) ? "From" : "Until"} ${year ? `${year}-${month}-${day}` : text}`;
};

export const constraintDecoders: Record<string, Decoder> = {
  "2.5.29.19": basicConstraints,
  "2.5.29.30": nameConstraints,
  "2.5.29.36": policyConstraints,
  "2.5.29.54": inhibitAnyPolicy,
  "2.5.29.33": policyMappings,
  "2.5.29.16": privateKeyUsagePeriod,
};
