import { X509Certificate } from "node:crypto";
import type { LinkGroup } from "../../preload/contract/links.ts";
import { refOf } from "../objects/find-object.ts";
import { indexBy } from "./group.ts";
import type { Member } from "./member.ts";

export interface Chain {
  chain: LinkGroup["chain"];
  complete: boolean;
  /** Issuers on the token, from the certificate's own upwards. */
  issuers: Member[];
}

const longest = 10;

/**
 * Finds the issuers of certificates among those of the token: by name and key identifiers (RFC 5280 6.1, 4.2.1.1),
 * and by the signature, since two CAs may have one name.
 */
export const chainFinder = (members: readonly Member[]): ((leaf: Member) => Chain) => {
  const bySubject = indexBy(members, ({ certificate }) => certificate?.subject ?? null);
  const issuerOf = (member: Member): Member | null =>
    (bySubject.get(member.certificate?.issuer ?? "") ?? []).find((other) => issued(other, member)) ?? null;
  return (leaf) => {
    const chain: Chain = { chain: [], complete: isRoot(leaf), issuers: [] };
    for (let at = leaf; !isRoot(at) && chain.issuers.length < longest; ) {
      const issuer = issuerOf(at);
      if (!issuer || chain.issuers.includes(issuer)) {
        chain.chain.push({ subject: at.object.issuer ?? "", object: null, root: false });
        break;
      }
      chain.issuers.push(issuer);
      chain.complete = isRoot(issuer);
      chain.chain.push({
        subject: issuer.object.subject ?? "",
        object: refOf(issuer.object),
        root: chain.complete,
      });
      at = issuer;
    }
    return chain;
  };
};

/** Issued by itself, as far as the names tell. */
export const isRoot = ({ certificate }: Member): boolean =>
  certificate !== null && certificate.subject === certificate.issuer;

const issued = (issuer: Member, { certificate }: Member): boolean => {
  const of = issuer.certificate;
  if (!of || !certificate) return false;
  if (of.subjectKeyId && certificate.authorityKeyId && of.subjectKeyId !== certificate.authorityKeyId) return false;
  try {
    return new X509Certificate(certificate.bytes).verify(new X509Certificate(of.bytes).publicKey);
  } catch {
    // Node does not know the algorithm: the names and identifiers have to do.
    return of.subjectKeyId !== null && of.subjectKeyId === certificate.authorityKeyId;
  }
};
