import type { LinkFinding, RepairKind } from "../../preload/contract/links.ts";
import { objectWords, refOf } from "../objects/find-object.ts";
import type { Chain } from "./chain.ts";
import { expired, type KeyFacts, notYetValid, otherLabels } from "./facts.ts";
import { type Group, indexBy } from "./group.ts";
import { isClass, type Member } from "./member.ts";
import { weaknesses } from "./weakness.ts";

/** A group with a private key, and what the rules are asked about it. */
export interface Judged {
  group: Group;
  facts: KeyFacts | null;
  chain: Chain | null;
}

const refs = (members: readonly Member[]) => members.map(({ object }) => refOf(object));
const words = (members: readonly Member[]): string => {
  const first = members.slice(0, 3).map(({ object }) => objectWords(object));
  return members.length > 3 ? `${first.join(", ")} and ${members.length - 3} more` : first.join(", ");
};

/** What is not as it should be on a token, the worst first. @param privateIncluded without it nothing is said of missing keys */
export const findingsOf = (
  judged: readonly Judged[],
  members: readonly Member[],
  privateIncluded: boolean,
): LinkFinding[] => {
  // What the device keeps for itself is as its maker wants it.
  const users = members.filter(({ object }) => !object.devicesOwn);
  const groups = judged.filter(({ group: { key, publicKeys, certificates } }) =>
    [key, ...publicKeys, ...certificates].some((member) => member && !member.object.devicesOwn),
  );
  const found = groups.flatMap(({ group, facts }) => [
    ...(facts ? linkFindings(group, facts) : []),
    ...weaknesses(group).map((each) => ({ ...each, group: group.name, repairs: [] })),
  ]);
  const all = [...found, ...tokenFindings(groups, users, privateIncluded)];
  return all.sort((a, b) => weight[b.severity] - weight[a.severity]);
};

const weight: Record<LinkFinding["severity"], number> = { error: 2, warning: 1, note: 0 };

const linkFindings = (group: Group, facts: KeyFacts): LinkFinding[] => {
  const { key, publicKeys, certificates, publicUnderId, certificatesUnderId, foreign } = facts;
  const of = (
    kind: LinkFinding["kind"],
    severity: LinkFinding["severity"],
    text: string,
    why: string,
    members: readonly Member[],
    repairs: RepairKind[] = [],
  ): LinkFinding => ({ kind, severity, words: text, why, objects: refs(members), group: group.name, repairs });
  const name = objectWords(key.object);
  const elsewhere = [...publicKeys, ...certificates].filter(
    (member) => !publicUnderId.includes(member) && !certificatesUnderId.includes(member),
  );
  const found: LinkFinding[] = [];
  if (group.signed && group.signed.fits === null)
    found.push(
      of(
        "doesNotFit",
        "error",
        `A test signature of the ${name} fits nothing on this token.`,
        "What stands under its CKA_ID is of another key: whatever is signed with it will be refused by everybody who looks at that certificate.",
        [key, ...foreign],
      ),
    );
  if (foreign.length > 0)
    found.push(
      of(
        "foreignId",
        "error",
        `The CKA_ID of the ${name} is also that of another key's ${words(foreign)}.`,
        "Programs join by CKA_ID and take them for a pair.",
        [key, ...foreign],
        ["moveForeign"],
      ),
    );
  if (key.object.id === "")
    found.push(
      of(
        "emptyId",
        "error",
        `The ${name} has no CKA_ID.`,
        "By it programs find the certificate of a key.",
        [key],
        ["changeKeyId"],
      ),
    );
  else if (elsewhere.length > 0)
    found.push(
      of(
        "wrongId",
        "error",
        `The ${words(elsewhere)} has another CKA_ID than its private key (${key.object.id}).`,
        "Java, browsers and GSKit see a key only with a certificate of the same CKA_ID.",
        [key, ...elsewhere],
        ["alignId"],
      ),
    );
  if (publicKeys.length === 0)
    found.push(
      of(
        "missingPublicKey",
        "warning",
        `The ${name} has no public key object.`,
        "OpenSSL's engine and others cannot use an EC key without it, and ssh-keygen -D lists public keys.",
        [key],
        certificates.length > 0 || key.publicKey ? ["writePublicKey"] : [],
      ),
    );
  if (certificates.length === 0)
    found.push(
      of(
        "missingCertificate",
        "note",
        `The ${name} has no certificate on this token.`,
        "Java, browsers and GSKit do not list a key without one.",
        [key],
      ),
    );
  const otherNames = otherLabels(facts);
  if (otherNames.length > 0)
    found.push(
      of(
        "labelDiffers",
        "note",
        `The ${words(otherNames)} has another label than its private key "${key.object.label}".`,
        "A URI with object= then finds only one of them.",
        [key, ...otherNames],
        ["alignLabel"],
      ),
    );
  if (facts.certificate && expired(facts))
    found.push(
      of("expired", "error", `The ${objectWords(facts.certificate.object)} has expired.`, "Everybody refuses it.", [
        facts.certificate,
      ]),
    );
  if (facts.certificate && notYetValid(facts))
    found.push(
      of(
        "notYetValid",
        "warning",
        `The ${objectWords(facts.certificate.object)} is not valid yet.`,
        "Until then everybody refuses it. Check this machine's clock too.",
        [facts.certificate],
      ),
    );
  return found;
};

const tokenFindings = (
  judged: readonly Judged[],
  members: readonly Member[],
  privateIncluded: boolean,
): LinkFinding[] => {
  const found: LinkFinding[] = [];
  const of = (
    kind: LinkFinding["kind"],
    severity: LinkFinding["severity"],
    text: string,
    why: string,
    some: readonly Member[],
  ) => found.push({ kind, severity, words: text, why, objects: refs(some), group: null, repairs: [] });
  for (const same of indexBy(members, ({ object }) => (object.id ? `${object.class} ${object.id}` : null)).values())
    if (same.length > 1)
      of(
        "duplicateId",
        isClass(same[0] as Member, "certificate") ? "note" : "warning",
        `The CKA_ID ${same[0]?.object.id} is that of ${same.length} objects of one class: ${words(same)}.`,
        "Programs take the first that they find.",
        same,
      );
  const byKey = indexBy(judged, ({ group }) => (group.key ? (group.signed?.fits ?? group.key.object.keyHash) : null));
  for (const same of byKey.values())
    if (same.length > 1)
      of(
        "duplicateKey",
        "note",
        `${same.length} private key objects are the same key.`,
        "Deleting one leaves the key on the token.",
        same.flatMap(({ group }) => group.key ?? []),
      );
  const unread = members.filter((member) => member.object.keyHash === null && !isClass(member, "privateKey"));
  if (unread.length > 0)
    of("notReadable", "note", `Of ${words(unread)} the key cannot be told.`, "They are joined with nothing.", unread);
  if (!privateIncluded) return found;
  const issuers = new Set(judged.flatMap(({ chain }) => chain?.issuers ?? []));
  // One finding each: on some tokens there are a thousand such certificates.
  const alone = judged
    .filter(({ group }) => !group.key)
    .flatMap(({ group }) => group.certificates)
    .filter((member) => !issuers.has(member));
  const others = alone.filter((member) => !isAuthority(member));
  const authorities = alone.filter(isAuthority);
  if (others.length > 0)
    of(
      "keyNotHere",
      "warning",
      others.length === 1
        ? `The private key of the ${words(others)} is not on this token.`
        : `The private keys of ${others.length} certificates are not on this token: ${words(others)}.`,
      "Nothing can be signed for them here.",
      others,
    );
  if (authorities.length > 0)
    of(
      "orphanCertificate",
      "note",
      `Of ${authorities.length === 1 ? "the CA" : `${authorities.length} CAs`} in ${words(authorities)} there is no certificate with a key here.`,
      "CA certificates without use take room, and some programs show them among the user's own.",
      authorities,
    );
  return found;
};

const isAuthority = ({ certificate }: Member): boolean => certificate?.ca === true;
