import { createHash } from "node:crypto";
import type { ReplyCertificate } from "../../../preload/contract/certificate-replies.ts";
import type { ObjectRef } from "../../../preload/contract/shared.ts";
import { certificateKey } from "../../keys/certificate-parts.ts";
import { keyId, keyIdentity, keyWords, type PublicKey } from "../../keys/public-key.ts";
import { certificateFacts } from "../../objects/certificate-facts.ts";
import { objectWords } from "../../objects/find-object.ts";
import { commonName } from "../../objects/import/plan-items.ts";
import { foreignUnderId, matchKey, type TokenKey } from "../../objects/import/token-keys.ts";
import { chainOf, inOrder, type Link, linkOf } from "./chain.ts";
import { keyIdentifierOf } from "./key-identifier.ts";

type Proof = NonNullable<ReplyCertificate["proof"]>;

/** The key on the token that a certificate is for. */
export interface KeyFound {
  key: TokenKey;
  proof: Proof;
}

/** One certificate of a reply with what writing needs. */
export interface PlannedCertificate {
  der: Buffer;
  identity: string | null;
  found: KeyFound | null;
  labelBytes: Buffer;
  shown: Omit<ReplyCertificate, "sameKey"> & { sameKey: TokenKey[] };
}

export interface PlannedReply {
  certificates: PlannedCertificate[];
  chain: { complete: boolean; words: string };
}

export interface TokenNow {
  keys: TokenKey[];
  /** A public key object shows the key of whatever certificate has its CKA_ID. */
  certificateReplacesPublicKey: boolean;
}

/** How it is known by public key bytes to which key a certificate belongs; null if nothing on the token has them. */
export const keyByBytes = (publicKey: PublicKey | null, keys: TokenKey[]): KeyFound | null => {
  const identity = publicKey && keyIdentity(publicKey);
  const match = matchKey(identity, keys);
  const key = match && keys.find(({ ref }) => ref.handle === match.ref.handle);
  // A certificate alone is no key: the issuer's own certificate may be here from before.
  if (!key || key.ref.class === "certificate") return null;
  const shows = (one: TokenKey) => one.identity === identity;
  const publicKeyShows = keys.some((one) => one.ref.class === "publicKey" && one.ref.id === key.ref.id && shows(one));
  return {
    key,
    proof: shows(key) && key.ref.class === "privateKey" ? "private key" : publicKeyShows ? "public key" : "certificate",
  };
};

/**
 * A reply as it fits a token. Pure.
 * @param found of each certificate in turn, by bytes or by a signature
 */
export const planReply = (ders: Buffer[], found: (KeyFound | null)[], token: TokenNow, now: Date): PlannedReply => {
  const links = ders.map(linkOf);
  const own = links.filter((_, i) => found[i]);
  const onToken = token.keys.flatMap(({ value }) => linkOrNone(value));
  const chains = (own.length > 0 ? own : firstLeaf(links)).map((link) => chainOf(link, links, onToken));
  const ordered = inOrder(links, own, chains);
  return {
    certificates: ordered.map(({ link, role }, index) =>
      planOne(
        { der: link.der, index, role, selfIssued: link.selfIssued },
        found[links.indexOf(link)] ?? null,
        token,
        now,
      ),
    ),
    chain: {
      complete: chains.length > 0 && chains.every(({ complete }) => complete),
      words: [...new Set(chains.map(({ words }) => words))].join(" "),
    },
  };
};

const linkOrNone = (value: Buffer | null): Link[] => {
  try {
    return value ? [linkOf(value)] : [];
  } catch {
    return [];
  }
};

/** Where no certificate has its key here: the one that signed none of the others. */
const firstLeaf = (links: Link[]): Link[] => {
  const leaf = links.find((link) => !links.some((other) => other !== link && other.issuer.equals(link.subject)));
  return leaf ? [leaf] : links.slice(0, 1);
};

interface Placed {
  der: Buffer;
  index: number;
  role: ReplyCertificate["role"];
  selfIssued: boolean;
}

const planOne = (
  { der, index, role, selfIssued }: Placed,
  found: KeyFound | null,
  token: TokenNow,
  now: Date,
): PlannedCertificate => {
  const { keys } = token;
  const publicKey = certificateKey(der);
  const identity = publicKey && keyIdentity(publicKey);
  const facts = certificateFacts(der);
  const named = namesFor(der, publicKey, found, facts?.subject ?? "");
  const id = named.id.toString("hex");
  const certificates = keys.filter(({ ref }) => ref.class === "certificate");
  const there = certificates.find(({ value }) => value?.equals(der));
  const sameKey = certificates.filter((one) => one !== there && identity !== null && one.identity === identity);
  return {
    der,
    identity,
    found,
    labelBytes: named.label,
    shown: {
      index,
      role,
      selfIssued,
      subject: facts?.subject ?? "",
      issuer: facts?.issuer ?? "",
      serialNumber: facts?.serialNumber ?? "",
      notBefore: facts?.notBefore ?? null,
      notAfter: facts?.notAfter ?? null,
      keyWords: publicKey ? keyWords(publicKey) : "key of another kind",
      sha256: createHash("sha256").update(der).digest("hex"),
      label: found?.key.ref.label || named.label.toString("utf8"),
      id,
      key: found?.key.ref ?? null,
      proof: found?.proof ?? null,
      proofWords: proofWords(found, role, identity, keys),
      alreadyThere: there?.ref ?? null,
      sameKey,
      warnings: [...dateWarnings(facts?.notBefore ?? null, facts?.notAfter ?? null, now), ...keyWarnings(found, token)],
      refused: refusalOf(there?.ref ?? null, { identity, found, id }, token),
    },
  };
};

/** Those of its key, byte for byte; of an issuer its common name and its own key identifier. */
const namesFor = (der: Buffer, publicKey: PublicKey | null, found: KeyFound | null, subject: string) => {
  const own = found?.key;
  const label = own && own.labelBytes.length > 0 ? own.labelBytes : Buffer.from(commonName(subject) || "certificate");
  if (own && own.ref.id !== "") return { label, id: Buffer.from(own.ref.id, "hex") };
  return { label, id: own && publicKey ? keyId(publicKey) : keyIdentifierOf(der) };
};

const proofs: Record<Proof, string> = {
  signature: "it signed random bytes just now, and the signature fits the certificate",
  "private key": "it shows the same public key bytes",
  "public key": "the public key object with its CKA_ID has the same public key bytes",
  certificate: "a certificate with its CKA_ID has the same public key bytes",
};

const proofWords = (
  found: KeyFound | null,
  role: ReplyCertificate["role"],
  identity: string | null,
  keys: TokenKey[],
): string => {
  if (found?.key.ref.class === "publicKey")
    return `For the public key "${found.key.ref.label}"; its private key cannot be seen.`;
  if (found) return `For the private key "${found.key.ref.label}": ${proofs[found.proof]}.`;
  if (role === "issuer") return "An issuer of the chain: its key is the CA's.";
  const shown = identity !== null && keys.some((key) => key.identity === identity);
  return shown ? "Only certificates on the token have this public key." : "No key on the token has this public key.";
};

const dateWarnings = (notBefore: string | null, notAfter: string | null, now: Date): string[] => {
  if (notBefore === null || notAfter === null) return ["Its dates cannot be read."];
  if (Date.parse(notAfter) < now.getTime()) return [`It expired on ${notAfter.slice(0, 10)}.`];
  return Date.parse(notBefore) > now.getTime()
    ? [`It is not valid before ${notBefore.slice(0, 16).replace("T", " ")} UTC.`]
    : [];
};

const keyWarnings = (found: KeyFound | null, { keys, certificateReplacesPublicKey }: TokenNow): string[] => {
  if (!found) return [];
  const { key, proof } = found;
  return [
    ...(certificateReplacesPublicKey && proof !== "signature"
      ? ["This device shows as public key whatever certificate has its CKA_ID. Only a test signature proves the pair."]
      : []),
    ...(key.ref.id === ""
      ? ["Its key has no CKA_ID. Give it the one shown here, or programs will not find the two together."]
      : []),
    ...(key.ref.class === "privateKey" && sharesId(key, keys)
      ? ["Another private key has the same CKA_ID: programs may take either for this certificate."]
      : []),
  ];
};

const sharesId = (key: TokenKey, keys: TokenKey[]): boolean =>
  keys.some(
    ({ ref }) => ref.class === "privateKey" && ref.id === key.ref.id && ref.id !== "" && ref.handle !== key.ref.handle,
  );

/** Why it may not be written under that CKA_ID, whatever the user says; null if it may. */
export const refusalOf = (
  there: ObjectRef | null,
  { identity, found, id }: { identity: string | null; found: KeyFound | null; id: string },
  { keys, certificateReplacesPublicKey }: TokenNow,
): string | null => {
  if (there) return `It is on the token already, as "${there.label}".`;
  const foreign = foreignUnderId(identity, id, keys).find(({ ref }) => !outweighed(ref, found));
  if (!foreign) return null;
  return `The CKA_ID ${id} belongs to another key: the ${objectWords({ ...foreign.ref, id: "" })} has other public key bytes.${
    certificateReplacesPublicKey ? " On this device the public key object would then show the certificate's key." : ""
  }`;
};

/** A signature of the private key itself counts more than what a public key or certificate beside it shows. */
const outweighed = (ref: ObjectRef, found: KeyFound | null): boolean =>
  found?.proof === "signature" && ref.class !== "privateKey" && ref.id === found.key.ref.id;
