import type { StoreEntry } from "../../preload/contract/truststores.ts";
import { certificateKey } from "../keys/certificate-parts.ts";
import { fromSpki, keyWords } from "../keys/public-key.ts";
import { certificateFacts } from "../objects/certificate-facts.ts";
import { badFile } from "../objects/import/file-failures.ts";
import { isCertificateAuthority } from "./authority.ts";
import { type StoredEntry, sha256 } from "./store-format.ts";

/** What the window shows of a certificate or public key. @throws Failure BAD_FILE for what is none */
export const describeEntry = (
  { alias, kind, der }: StoredEntry,
  { origin, fromHandshake = false, now = new Date() }: { origin: string; fromHandshake?: boolean; now?: Date },
): StoreEntry => {
  const common = { alias, kind, content: der.toString("base64"), sha256: sha256(der), origin, fromHandshake };
  if (kind === "publicKey")
    return { ...common, ...noFacts, keyWords: keyWords(fromSpki(der)), role: "key", warnings: [] };
  const facts = certificateFacts(der);
  if (!facts) throw badFile(origin, "This is no X.509 certificate.");
  const { subject, issuer, serialNumber, notBefore, notAfter } = facts;
  const key = certificateKey(der);
  return {
    ...common,
    alias: alias || proposedName(subject),
    subject,
    issuer,
    serialNumber,
    notBefore,
    notAfter,
    keyWords: key ? keyWords(key) : (facts.keyType ?? "unknown key"),
    role: roleOf(der, subject === issuer),
    warnings: datesWords(notBefore, notAfter, now),
  };
};

const noFacts = { subject: null, issuer: null, serialNumber: null, notBefore: null, notAfter: null };

const roleOf = (der: Buffer, selfIssued: boolean): StoreEntry["role"] =>
  selfIssued ? "root" : isCertificateAuthority(der) ? "intermediate" : "own";

const datesWords = (notBefore: string | null, notAfter: string | null, now: Date): string[] => {
  if (notAfter !== null && new Date(notAfter) < now)
    return [`Expired on ${notAfter.slice(0, 10)}: most programs refuse what it has signed.`];
  if (notBefore !== null && new Date(notBefore) > now) return [`Not valid before ${notBefore.slice(0, 10)}.`];
  return [];
};

/** The common name, or else the most specific part of the subject. */
const proposedName = (subject: string): string => {
  const common =
    /(?:^|[,+])CN=((?:\\.|[^,+\\])*)/i.exec(subject)?.[1] ?? /^[^=]*=((?:\\.|[^,+\\])*)/.exec(subject)?.[1];
  return (common ?? "certificate").replace(/\\(.)/g, "$1").trim() || "certificate";
};
