import { X509Certificate } from "node:crypto";
import { certificateParts } from "../../keys/certificate-parts.ts";
import { certificateFacts } from "../../objects/certificate-facts.ts";

/** A certificate as chains are made of it. */
export interface Link {
  der: Buffer;
  /** DER of the names: what is compared is bytes (RFC 5280 7.1 allows more; CAs copy the bytes). */
  subject: Buffer;
  issuer: Buffer;
  selfIssued: boolean;
  /** null where Node's OpenSSL does not read it (an unknown curve, say). */
  parsed: X509Certificate | null;
}

/** @throws DerError for something that is no certificate */
export const linkOf = (der: Buffer): Link => {
  const { subject, issuer } = certificateParts(der);
  return { der, subject, issuer, selfIssued: subject.equals(issuer), parsed: parsedOf(der) };
};

const parsedOf = (der: Buffer): X509Certificate | null => {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
};

/** Whether `issuer` signed `link`: by the signature, or where its algorithm is not known here, null. */
const signedBy = (link: Link, issuer: Link): boolean | null => {
  if (!link.issuer.equals(issuer.subject)) return false;
  if (!link.parsed || !issuer.parsed) return null;
  try {
    return link.parsed.verify(issuer.parsed.publicKey);
  } catch {
    return null;
  }
};

export interface Chain {
  /** From the certificate on, without it: its issuer, that one's issuer ... */
  issuers: Link[];
  /** Reaches a certificate that signed itself. */
  complete: boolean;
  /** In one sentence. */
  words: string;
}

/**
 * The chain from a certificate upwards, made of what is at hand. Signatures decide; where one cannot be checked the
 * names do, and `words` says so.
 * @param given of the reply; preferred over `onToken`
 */
export const chainOf = (own: Link, given: Link[], onToken: Link[]): Chain => {
  const issuers: Link[] = [];
  let unchecked = false;
  let at = own;
  while (!at.selfIssued) {
    const next = issuerOf(
      at,
      [...given, ...onToken].filter((one) => one !== own && !issuers.includes(one)),
    );
    if (!next) break;
    unchecked ||= next.signed === null;
    issuers.push(next.link);
    at = next.link;
  }
  const complete = at.selfIssued && (at === own || signedBy(at, at) !== false);
  return { issuers, complete, words: chainWords(own, at, issuers, complete, unchecked) };
};

const issuerOf = (link: Link, candidates: Link[]): { link: Link; signed: boolean | null } | null => {
  const named = candidates.map((candidate) => ({ link: candidate, signed: signedBy(link, candidate) }));
  return named.find(({ signed }) => signed === true) ?? named.find(({ signed }) => signed === null) ?? null;
};

const chainWords = (own: Link, last: Link, issuers: Link[], complete: boolean, unchecked: boolean): string => {
  if (own.selfIssued) return "It signed itself: there is no chain.";
  const doubt = unchecked ? " A signature in it could not be checked here, so names decided." : "";
  if (complete)
    return `The chain is complete: ${issuers.length} above it, up to the root ${nameOf(last, "subject")}.${doubt}`;
  const missing = nameOf(last, "issuer");
  return issuers.length === 0
    ? `The certificate of its issuer, ${missing}, is neither in the reply nor on the token.`
    : `The chain ends at ${nameOf(last, "subject")}; the certificate of ${missing} above it is neither in the reply nor on the token.${doubt} Servers and clients mostly have the root already.`;
};

const nameOf = ({ der }: Link, which: "subject" | "issuer"): string => certificateFacts(der)?.[which] || "without name";

/** Own certificates first, then issuers as the chains go up, then the rest in the reply's order. */
export const inOrder = (
  links: Link[],
  own: Link[],
  chains: Chain[],
): { link: Link; role: "own" | "issuer" | "other" }[] => {
  const issuers = [...new Set(chains.flatMap((chain) => chain.issuers))].filter(
    (link) => links.includes(link) && !own.includes(link),
  );
  const rest = links.filter((link) => !own.includes(link) && !issuers.includes(link));
  return [
    ...own.map((link) => ({ link, role: "own" as const })),
    ...issuers.map((link) => ({ link, role: "issuer" as const })),
    ...rest.map((link) => ({ link, role: "other" as const })),
  ];
};
