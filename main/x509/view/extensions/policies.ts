import { contents, type Element, inner, integerOf, leaves, need, sequenceOf } from "../asn1/ber.ts";
import { oidOf, oidWords } from "../asn1/oids.ts";
import { textOf, visible } from "../asn1/strings.ts";
import { hexWords, valueWords } from "../asn1/value-words.ts";
import type { Decoder } from "./decoder.ts";

/** certificatePolicies (RFC 5280 4.2.1.4): the policies, their statements and notices. */
const certificatePolicies: Decoder = (value) =>
  sequenceOf(value, "certificatePolicies", value.offset).flatMap((policy) => {
    const [id, qualifiers] = sequenceOf(policy, "A policy", policy.offset);
    const oid = oidOf(need(id, "oid", "A policy's identifier", policy.start));
    return [oidWords(oid), ...(qualifiers ? inner(qualifiers).map(qualifier) : [])];
  });

const qualifier = (element: Element): string => {
  const [id, content] = sequenceOf(element, "A qualifier", element.offset);
  const oid = oidOf(need(id, "oid", "A qualifier's kind", element.start));
  if (!content) return `  ${oidWords(oid)}`;
  if (oid === "1.3.6.1.5.5.7.2.1") return `  Statement: ${visible(textOf(content) ?? hexWords(contents(content)))}`;
  if (oid === "1.3.6.1.5.5.7.2.2") return `  Notice: ${notice(content)}`;
  return `  ${oidWords(oid)}: ${valueWords(content)}`;
};

/** UserNotice: a reference to numbered notices of an organisation, and a text. */
const notice = (element: Element): string =>
  inner(element)
    .map((part) => {
      const text = textOf(part);
      if (text !== null) return visible(text);
      const [organisation, numbers] = inner(part);
      const name = organisation ? visible(textOf(organisation) ?? "") : "";
      return `${name}${numbers ? ` no. ${inner(numbers).map(integerOf).join(", ")}` : ""}`;
    })
    .join("; ");

/** qcStatements (RFC 3739 3.2.6, ETSI EN 319 412-5). */
const qcStatements: Decoder = (value) =>
  sequenceOf(value, "qcStatements", value.offset).map((statement) => {
    const [id, ...rest] = sequenceOf(statement, "A statement", statement.offset);
    const words = oidWords(oidOf(need(id, "oid", "A statement's identifier", statement.start)));
    const info = rest.flatMap(leaves).map(valueWords).join(" ");
    return info ? `${words}: ${info}` : words;
  });

export const policyDecoders: Record<string, Decoder> = {
  "2.5.29.32": certificatePolicies,
  "1.3.6.1.5.5.7.1.3": qcStatements,
};
