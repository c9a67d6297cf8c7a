import type { LinkProof } from "../../preload/contract/links.ts";
import { isClass, type Member } from "./member.ts";
import type { Proof } from "./proofs.ts";

/** Objects that are one key. */
export interface Group {
  /** Handle of the private key, or of the first object. */
  name: string;
  key: Member | null;
  publicKeys: Member[];
  certificates: Member[];
  proof: LinkProof;
  proofWords: string;
  signed: Proof | null;
  /** Whether the public half that the private key object shows is its own for certain. */
  ownBytes: boolean;
  /** Objects of other keys, or of unknown ones, that have the private key's CKA_ID. */
  foreign: Member[];
}

export interface Grouping {
  /** What test signatures have shown. */
  proofOf(key: Member): Proof | null;
  /** True where the module shows a private key the public half of whatever stands under its CKA_ID. */
  bytesAreClaims: boolean;
}

/**
 * Puts private keys, public keys and certificates of one key together: by a test signature, else by key bytes, and
 * only where a private key shows none, by CKA_ID (never a proof: OpenSC/libp11#274). Objects without a private key
 * make groups of their own, by key bytes.
 */
export const groupMembers = (members: readonly Member[], grouping: Grouping): Group[] => {
  const halves = members.filter((member) => !isClass(member, "privateKey"));
  const byHash = indexBy(halves, ({ object }) => object.keyHash);
  const byId = indexBy(halves, ({ object }) => object.id || null);
  const keys = members.filter((member) => isClass(member, "privateKey"));
  const groups = keys.map((key) => {
    const underId = byId.get(key.object.id) ?? [];
    const signed = grouping.proofOf(key);
    const { hash, proof, words } = identify(key, underId, signed, grouping.bytesAreClaims);
    // What the device keeps for itself is joined with nothing of the user's, and so never changed by a repair.
    const { devicesOwn } = key.object;
    const own = (hash === null ? [] : (byHash.get(hash) ?? [])).filter(
      ({ object }) => object.devicesOwn === devicesOwn,
    );
    return {
      ...split(own),
      name: key.object.handle,
      key,
      proof: own.length === 0 && proof !== "test signature" ? ("none" as const) : proof,
      proofWords: own.length === 0 ? aloneWords(signed, underId.length > 0) : words,
      signed,
      ownBytes: !grouping.bytesAreClaims && !signed?.fitsNot.has(key.object.keyHash ?? ""),
      foreign: underId.filter((member) => !own.includes(member)),
    };
  });
  const placed = new Set(groups.flatMap(({ publicKeys, certificates }) => [...publicKeys, ...certificates]));
  return [...groups, ...withoutKey(halves.filter((member) => !placed.has(member)))];
};

interface Identity {
  hash: string | null;
  proof: LinkProof;
  words: string;
}

const identify = (key: Member, underId: readonly Member[], signed: Proof | null, claims: boolean): Identity => {
  if (signed?.fits)
    return {
      hash: signed.fits,
      proof: "test signature",
      words: `A test signature (${signed.mechanism}) at ${clock(signed.at)} fits.`,
    };
  const own = key.object.keyHash;
  if (own !== null && !claims && !signed?.fitsNot.has(own))
    return { hash: own, proof: "key bytes", words: "The private key object shows the same public key bytes." };
  const claimed = own ?? underId.find((member) => couldBe(key, member) && isClass(member, "publicKey"))?.object.keyHash;
  const hash = claimed ?? underId.find((member) => couldBe(key, member))?.object.keyHash ?? null;
  if (hash === null || signed?.fitsNot.has(hash)) return { hash: null, proof: "none", words: "" };
  return {
    hash,
    proof: "CKA_ID only",
    words: claims
      ? "They share a CKA_ID. This module shows the private key's public half as that of whatever has its CKA_ID, so bytes prove nothing here; a test signature does."
      : "They share a CKA_ID, which is a claim; the private key object does not show its public half. A test signature proves it.",
  };
};

/** Whether a public key or certificate is of the private key's kind at all. */
export const couldBe = ({ object: key }: Member, { object, publicKey }: Member): boolean =>
  object.keyHash !== null &&
  publicKey !== null &&
  (key.keyType === null || key.keyType === (object.keyType === "RSA-PSS" ? "RSA" : object.keyType)) &&
  (key.curve === null || object.curve === null || key.curve === object.curve) &&
  (key.keyType !== "RSA" || key.size === null || object.size === null || key.size === object.size);

const aloneWords = (signed: Proof | null, underId: boolean): string => {
  if (signed)
    return `A test signature (${signed.mechanism}) at ${clock(signed.at)} fits no public key and no certificate on this token.`;
  return underId
    ? "What has its CKA_ID is of another key. Nothing else of this key is on the token."
    : "Nothing else of this key is on the token.";
};

const clock = (at: Date): string => at.toTimeString().slice(0, 5);

const withoutKey = (rest: readonly Member[]): Group[] => {
  const sets = [...indexBy(rest, ({ object }) => object.keyHash ?? object.handle).values()];
  return sets.map((own) => ({
    ...split(own),
    name: own[0]?.object.handle ?? "",
    key: null,
    proof: own.length > 1 ? "key bytes" : "none",
    proofWords: own.length > 1 ? "They hold the same public key bytes." : "",
    signed: null,
    ownBytes: false,
    foreign: [],
  }));
};

/** The certificate that ends last comes first: it is the one that programs should use. */
const split = (own: readonly Member[]): Pick<Group, "publicKeys" | "certificates"> => ({
  publicKeys: own.filter((member) => isClass(member, "publicKey")),
  certificates: own
    .filter((member) => isClass(member, "certificate"))
    .sort((a, b) => (b.object.notAfter ?? "").localeCompare(a.object.notAfter ?? "")),
});

export const indexBy = <T>(all: readonly T[], nameOf: (one: T) => string | null): Map<string, T[]> => {
  const index = new Map<string, T[]>();
  for (const one of all) {
    const name = nameOf(one);
    if (name === null) continue;
    const same = index.get(name);
    if (same) same.push(one);
    else index.set(name, [one]);
  }
  return index;
};
