import type { Output } from "../../preload/contract/index.ts";
import type { StoreEntry, StoreSource } from "../../preload/contract/truststores.ts";
import { certificateParts } from "../keys/certificate-parts.ts";
import { toSpki } from "../keys/public-key.ts";
import { textOf } from "../objects/import/pem.ts";
import { readFile as readKeyFile } from "../objects/import/read-file.ts";
import { failure, toErrorData } from "../pkcs11/failure.ts";
import { describeEntry } from "./entry.ts";
import type { StoredEntry } from "./store-format.ts";

type Collected = Output<"truststores.collect">;

/** What a source gives: its entries, and what lies beside them that may complete a chain. */
export interface Gathered {
  entries: StoredEntry[];
  beside: StoredEntry[];
  origin: string;
  fromHandshake: boolean;
  refused: Collected["refused"];
}

/** `openssl s_client` and `gnutls-cli` print what a server sent: nobody has vouched for it yet. */
const isHandshake = (text: string): boolean =>
  /^CONNECTED\([0-9A-F]+\)/m.test(text) ||
  /^Certificate chain\s*$/m.test(text) ||
  /^- Certificate type: X\.509/m.test(text);

/** The public certificates and keys of a file; private keys in it are refused, the rest is taken. */
export const gatherFile = (fileName: string, content: Buffer, password: string | null): Gathered => {
  const fromHandshake = isHandshake(textOf(content));
  const file = readKeyFile(fileName, content, password);
  try {
    const privateKeys = file.items.filter(({ kind }) => kind === "privateKey").length;
    return {
      entries: file.items.flatMap((item): StoredEntry[] => {
        if (item.kind === "certificate")
          return [{ alias: item.name ?? "", kind: "certificate", der: Buffer.from(item.der), trusted: true }];
        if (item.kind === "publicKey")
          return [{ alias: item.name ?? "", kind: "publicKey", der: toSpki(item.publicKey), trusted: true }];
        return [];
      }),
      beside: [],
      origin: `file ${fileName}`,
      fromHandshake,
      refused: privateKeys === 0 ? [] : [privateKeyRefused(fileName, privateKeys)],
    };
  } finally {
    file.wipe();
  }
};

export const privateKeyRefused = (where: string, count: number): Collected["refused"][number] => ({
  where,
  why: `${count === 1 ? "The private key" : `The ${count} private keys`} in it ${count === 1 ? "was" : "were"} left out: a trust store tells whom to trust, and is handed to others. A private key belongs into a key store.`,
  remedy: "For a program's own key, use a key store, or the token itself.",
});

/** @param gather reads one source; what it throws becomes a refusal, so that one bad file does not stop the others */
export const collect = async (
  sources: readonly StoreSource[],
  gather: (source: StoreSource) => Promise<Gathered>,
): Promise<Collected> => {
  const found: Gathered[] = [];
  const refused: Collected["refused"] = [];
  for (const source of sources)
    try {
      found.push(await gather(source));
    } catch (thrown) {
      const { where, message, remedy, code } = toErrorData(thrown, "truststores.collect");
      // One that needs its password is asked for it, not passed over.
      if (sources.length === 1 || code === "PASSWORD_NEEDED" || code === "PASSWORD_WRONG") throw thrown;
      refused.push({ where, why: message, remedy });
    }
  const entries = described(found.flatMap((one) => one.entries.map((entry) => ({ entry, from: one }))));
  const beside = described(found.flatMap((one) => one.beside.map((entry) => ({ entry, from: one }))));
  if (entries.length === 0 && refused.length === 0 && found.every((one) => one.refused.length > 0))
    throw failure("REFUSED", {
      where: found[0]?.origin ?? "sources",
      message: "There is no public certificate and no public key in it.",
      remedy: "A private key is never exported; choose its certificate.",
    });
  const { completion, missing } = complete(entries, beside);
  return {
    entries,
    completion,
    missingIssuers: missing,
    refused: [...found.flatMap((one) => one.refused), ...refused],
    warnings: doubles(entries),
  };
};

const described = (found: { entry: StoredEntry; from: Gathered }[]): StoreEntry[] => {
  const seen = new Set<string>();
  return found
    .map(({ entry, from }) => describeEntry(entry, from))
    .filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256));
};

/** Walks from each certificate to its issuers, by the bytes of names. */
const complete = (entries: StoreEntry[], beside: StoreEntry[]): { completion: StoreEntry[]; missing: string[] } => {
  const names = new Map<string, { subject: string; issuer: string }>();
  const namesOf = ({ content, sha256 }: StoreEntry) => {
    const known = names.get(sha256);
    if (known) return known;
    const parts = certificateParts(Buffer.from(content, "base64"));
    const made = { subject: parts.subject.toString("hex"), issuer: parts.issuer.toString("hex") };
    names.set(sha256, made);
    return made;
  };
  const certificates = entries.filter(({ kind }) => kind === "certificate");
  const others = beside.filter(
    ({ kind, sha256 }) => kind === "certificate" && !entries.some((one) => one.sha256 === sha256),
  );
  const have = new Set(certificates.map((one) => namesOf(one).subject));
  const completion: StoreEntry[] = [];
  const missing = new Map<string, string>();
  for (const open = [...certificates]; open.length > 0; ) {
    const one = open.shift();
    if (!one) break;
    const { issuer } = namesOf(one);
    if (have.has(issuer)) continue;
    have.add(issuer);
    const issuers = others.filter((other) => namesOf(other).subject === issuer);
    completion.push(...issuers);
    open.push(...issuers);
    if (issuers.length === 0)
      missing.set(issuer, `${one.issuer ?? "an issuer"}, issuer of ${one.subject ?? one.alias}`);
  }
  return { completion, missing: [...missing.values()] };
};

const doubles = (entries: StoreEntry[]): string[] => {
  const subjects = new Map<string, number>();
  for (const { subject } of entries) if (subject !== null) subjects.set(subject, (subjects.get(subject) ?? 0) + 1);
  return [...subjects]
    .filter(([, count]) => count > 1)
    .map(
      ([subject, count]) =>
        `${count} different certificates have the subject ${subject}. All are written; programs may take any of them.`,
    );
};
