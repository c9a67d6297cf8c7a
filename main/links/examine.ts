import type { LinkGroup } from "../../preload/contract/links.ts";
import { keyWords } from "../keys/public-key.ts";
import { type Chain, chainFinder, isRoot } from "./chain.ts";
import { type KeyFacts, onRareCurve, signs } from "./facts.ts";
import { findingsOf, type Judged } from "./findings.ts";
import { type Group, type Grouping, groupMembers } from "./group.ts";
import { has, type Member, plainLabel } from "./member.ts";
import { offeredRepairs } from "./offered-repairs.ts";
import { verdictsOn } from "./verdicts.ts";

/** What is known of a token's keys and certificates: the same for examining, proving and repairing. */
export interface Examined {
  members: readonly Member[];
  judged: Judged[];
}

/** Groups the objects of a token and collects what is to be judged of each private key. Pure. */
export const examineMembers = (members: readonly Member[], grouping: Grouping, now: Date): Examined => {
  const chainOf = chainFinder(members);
  const keys = members.filter(({ object }) => object.class === "privateKey");
  const rare = members.filter((member) => member.object.class !== "privateKey" && onRareCurve(member));
  const judged = groupMembers(members, grouping).map((group): Judged => {
    if (!group.key) return { group, facts: null, chain: null };
    const facts = factsOf(group, group.key, keys, now);
    const chain = facts.certificate ? chainOf(facts.certificate) : null;
    const intermediates = (chain?.issuers ?? []).filter((issuer) => !isRoot(issuer)).length;
    const own = [...group.publicKeys, ...group.certificates];
    const rareBeside = rare.filter((member) => !own.includes(member));
    return { group, facts: { ...facts, chainComplete: chain?.complete ?? false, intermediates, rareBeside }, chain };
  });
  return { members, judged };
};

const factsOf = (group: Group, key: Member, keys: readonly Member[], now: Date): KeyFacts => {
  const underId = (all: readonly Member[]) =>
    all.filter(({ object }) => object.id !== "" && object.id === key.object.id);
  const certificatesUnderId = underId(group.certificates);
  return {
    key,
    publicKeys: group.publicKeys,
    certificates: group.certificates,
    publicUnderId: underId(group.publicKeys),
    certificatesUnderId,
    foreign: group.foreign,
    sameId: underId(keys).filter((other) => other !== key),
    certificate: certificatesUnderId[0] ?? group.certificates[0] ?? null,
    chainComplete: false,
    intermediates: 0,
    rareBeside: [],
    now,
  };
};

/** The reply of links.examine. @param privateIncluded without it nothing is judged */
export const groupsShown = ({ judged }: Examined, privateIncluded: boolean): LinkGroup[] =>
  judged.map((each) => groupShown(each, privateIncluded));

export const findingsShown = ({ judged, members }: Examined, privateIncluded: boolean) =>
  findingsOf(judged, members, privateIncluded);

const noChain: Pick<Chain, "chain" | "complete"> = { chain: [], complete: false };

const groupShown = ({ group, facts, chain }: Judged, privateIncluded: boolean): LinkGroup => {
  const { key, publicKeys, certificates, proof, proofWords } = group;
  const proveWords = key ? whyNotProvable(facts) : "There is no private key to sign with.";
  const { chain: shown, complete } = chain ?? noChain;
  return {
    group: group.name,
    title: titleOf(group),
    privateKey: key?.object ?? null,
    publicKeys: publicKeys.map(({ object }) => object),
    certificates: certificates.map(({ object }) => object),
    chain: shown,
    chainComplete: complete,
    proof,
    proofWords,
    verdicts: facts && privateIncluded && !facts.key.object.devicesOwn ? verdictsOn(facts) : [],
    repairs: facts ? offeredRepairs(group, facts) : [],
    provable: proveWords === null,
    proveWords,
    asksPin: key !== null && has(key, "always-authenticate"),
  };
};

const titleOf = ({ key, publicKeys, certificates }: Group): string => {
  const first = key ?? certificates[0] ?? publicKeys[0];
  const label = plainLabel(first?.object.label ?? "");
  const shown = [key, ...publicKeys, ...certificates].find((member) => member?.publicKey)?.publicKey;
  return label || first?.object.subject || (shown ? keyWords(shown) : "without label");
};

/** @returns null for a key that can make a test signature. */
export const whyNotProvable = (facts: KeyFacts | null): string | null => {
  if (!facts) return "There is no private key to sign with.";
  if (!signs(facts)) return "The private key may not sign (CKA_SIGN is false), so there can be no test signature.";
  return /^(RSA|EC|Ed25519)$/.test(facts.key.object.keyType ?? "")
    ? null
    : `Test signatures are made with RSA, EC and Ed25519 keys, not with ${facts.key.object.keyType ?? "keys of unknown kind"}.`;
};
