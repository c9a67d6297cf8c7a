import { createHash } from "node:crypto";
import type { ImportItem } from "../../../preload/contract/objects.ts";
import type { KeyUse, ObjectRef } from "../../../preload/contract/shared.ts";
import { bits, readAll, sequence } from "../../keys/ber.ts";
import { certificateKey, certificateParts } from "../../keys/certificate-parts.ts";
import { keyBits, keyId, keyIdentity, keyWords, type PublicKey } from "../../keys/public-key.ts";
import { publicUse } from "../../keys/usage.ts";
import { certificateFacts } from "../certificate-facts.ts";
import { commonNameIn } from "../distinguished-name.ts";
import type { FileItem } from "./file-item.ts";
import { type Match, matchKey, type TokenKey } from "./token-keys.ts";
import { type ProposedUsage, proposedUsage } from "./usage.ts";

/** An item of a file with what was found out about it; the contract's part and what writing needs. */
export interface PlannedItem {
  item: FileItem;
  shown: ImportItem;
  identity: string | null;
}

/** What is on the token, as far as it can be seen. */
export interface OnToken {
  keys: TokenKey[];
  /** False before login: a key that is not among `keys` may be there all the same. */
  privateSeen: boolean;
}

/** How the items of a file fit a token. Pure. */
export const planItems = (items: FileItem[], onToken: OnToken, fileName: string): PlannedItem[] => {
  const all = withPublicHalves(items);
  return all.map((item, index) => plan(item, index, all, onToken, fileName));
};

/** Programs such as ssh find a key only by its public key object, so the public half of a private key can be written too. */
const withPublicHalves = (items: FileItem[]): FileItem[] =>
  items.flatMap((item): FileItem[] =>
    item.kind === "privateKey" ? [item, { kind: "publicKey", name: item.name, publicKey: item.publicKey }] : [item],
  );

const plan = (
  item: FileItem,
  index: number,
  all: FileItem[],
  { keys, privateSeen }: OnToken,
  fileName: string,
): PlannedItem => {
  const publicKey = publicKeyOf(item);
  const identity = publicKey && keyIdentity(publicKey);
  const match = matchKey(identity, keys);
  const there = alreadyThere(item, identity, keys);
  const id = match && match.ref.id !== "" ? match.ref.id : defaultId(item, publicKey).toString("hex");
  const facts = item.kind === "certificate" ? certificateFacts(item.der) : null;
  const keyInFile =
    identity !== null && all.some((other) => other.kind === "privateKey" && keyIdentity(other.publicKey) === identity);
  return {
    item,
    identity,
    shown: {
      index,
      kind: item.kind,
      summary: summaryOf(item, publicKey, facts?.subject ?? null),
      keyType: publicKey?.type ?? facts?.keyType ?? null,
      size: publicKey ? keyBits(publicKey) : (facts?.size ?? null),
      curve: publicKey && publicKey.type !== "RSA" ? publicKey.curve.name : (facts?.curve ?? null),
      subject: facts?.subject ?? null,
      issuer: facts?.issuer ?? null,
      notAfter: facts?.notAfter ?? null,
      sha256: item.kind === "certificate" ? createHash("sha256").update(item.der).digest("hex") : null,
      label: labelFor(item, match, all, identity, fileName),
      id,
      matches: match?.ref ?? null,
      matchWords:
        match?.words ??
        (keyInFile && item.kind !== "privateKey"
          ? "Its private key is in the same file."
          : "No key on the token has this public key."),
      alreadyThere: there,
      ...usageFor(publicKey, item, all, keys),
      idTaken: keys.filter(({ ref }) => ref.class === item.kind && ref.id === id).map(({ ref }) => ref),
      warnings: warningsFor(
        item,
        match !== null || keyInFile,
        facts?.notAfter ?? null,
        otherReasons(keys, privateSeen),
      ),
      offered: there === null,
      notOfferedWhy: there && `It is on the token already, as "${there.label}".`,
    },
  };
};

/** Of a key; a certificate has none. */
const usageFor = (key: PublicKey | null, item: FileItem, all: FileItem[], keys: TokenKey[]): ProposedUsage => {
  if (!key || item.kind === "certificate") return { uses: [], usage: [], usageWhy: "" };
  const identity = keyIdentity(key);
  const inFile = all.flatMap((other) => {
    const own = other.kind === "certificate" ? certificateKey(other.der) : null;
    return other.kind === "certificate" && own && keyIdentity(own) === identity ? [other.der] : [];
  });
  const onToken = keys.flatMap(({ identity: other, value }) => (value && other === identity ? [value] : []));
  const proposed = proposedUsage(key.type, [...inFile, ...onToken]);
  if (item.kind === "privateKey") return proposed;
  const ofPublic = (use: KeyUse) => publicUse[use] !== null;
  return { ...proposed, uses: proposed.uses.filter(ofPublic), usage: proposed.usage.filter(ofPublic) };
};

export const publicKeyOf = (item: FileItem): PublicKey | null =>
  item.kind === "certificate" ? certificateKey(item.der) : item.publicKey;

/** The rule of {@link keyId}; for certificates with a key of unknown kind the SHA-1 of the subjectPublicKey's bits. */
const defaultId = (item: FileItem, publicKey: PublicKey | null): Buffer => {
  if (publicKey) return keyId(publicKey);
  if (item.kind !== "certificate") return Buffer.alloc(0);
  const [, key] = sequence(readAll(certificateParts(item.der).spki), "SubjectPublicKeyInfo");
  return createHash("sha1")
    .update(key ? bits(key) : item.der)
    .digest();
};

const alreadyThere = (item: FileItem, identity: string | null, keys: TokenKey[]): ObjectRef | null => {
  const fits = (key: TokenKey): boolean => {
    if (key.ref.class !== item.kind) return false;
    if (item.kind === "certificate") return key.value?.equals(item.der) ?? false;
    return key.identity !== null && key.identity === identity;
  };
  const found = keys.find(fits);
  if (found || item.kind !== "privateKey") return found?.ref ?? null;
  // A private key that does not show its public key: the one beside a public key or certificate with these bytes.
  const match = matchKey(identity, keys);
  return match?.ref.class === "privateKey" ? match.ref : null;
};

const summaryOf = (item: FileItem, publicKey: PublicKey | null, subject: string | null): string => {
  const words = publicKey ? keyWords(publicKey) : "key of another kind";
  if (item.kind === "certificate") return `Certificate of ${subject || "no name"} (${words})`;
  return item.kind === "privateKey" ? `Private key, ${words}` : `Public key, ${words}`;
};

/** From the matching key, the file's own name, the certificate's common name, or the file name. */
const labelFor = (
  item: FileItem,
  match: Match | null,
  all: FileItem[],
  identity: string | null,
  fileName: string,
): string => {
  if (match?.ref.label) return match.ref.label;
  if (item.name) return item.name;
  const certificates = item.kind === "certificate" ? [item] : all.filter((other) => other.kind === "certificate");
  for (const other of certificates) {
    if (other.kind !== "certificate") continue;
    const key = certificateKey(other.der);
    if (item.kind !== "certificate" && (key === null || keyIdentity(key) !== identity)) continue;
    const name = other.name ?? commonName(certificateFacts(other.der)?.subject ?? "");
    if (name) return name;
  }
  return fileName.replace(/^.*[/\\]/, "").replace(/\.[A-Za-z0-9]{1,8}$/, "") || "unnamed";
};

/** The CN in a name as RFC 4514 writes it, unescaped; without one the whole name. */
export const commonName = (subject: string): string =>
  (commonNameIn(subject) ?? subject).replace(/\\([^0-9a-fA-F])/g, "$1");

/** Why a certificate's key may be on the token all the same. */
const otherReasons = (keys: TokenKey[], privateSeen: boolean): string[] => [
  ...(privateSeen ? [] : ["that private objects are hidden until login"]),
  ...(keys.some(({ ref, identity }) => ref.class === "privateKey" && identity === null)
    ? ["a private key here that does not show its public key"]
    : []),
];

const warningsFor = (item: FileItem, hasKey: boolean, notAfter: string | null, otherReasons: string[]): string[] => [
  ...(notAfter !== null && Date.parse(notAfter) < Date.now() ? [`It has expired (${notAfter.slice(0, 10)}).`] : []),
  ...(item.kind === "privateKey"
    ? ["A key that was in a file has been outside the token: it can never be shown that no copy exists."]
    : []),
  ...(item.kind === "certificate" && !hasKey
    ? [`That is right for a CA certificate; for your own it means ${["another token", ...otherReasons].join(", or ")}.`]
    : []),
];
