import { consumerNames } from "../../preload/contract/link-names.ts";
import type { ConsumerName, LinkReason, RepairKind } from "../../preload/contract/links.ts";
import type { KeyFacts } from "./facts.ts";

/** One reason for which a program does not see a key, or cannot use it. */
export interface Rule {
  name: string;
  /** How it bears on each program; those not named do not care. */
  on: Partial<Record<ConsumerName, LinkReason["effect"]>>;
  source: string | Partial<Record<ConsumerName, string>>;
  repairs: RepairKind[];
  /** @returns what is wrong, or null if the rule does not apply */
  words(facts: KeyFacts): string | null;
}

export const all = <E extends LinkReason["effect"]>(effect: E, ...names: ConsumerName[]) =>
  Object.fromEntries(names.map((name) => [name, effect])) as Partial<Record<ConsumerName, E>>;

/** Programs that find a key by the certificate with its CKA_ID. */
export const byCertificate: ConsumerName[] = ["java", "firefox", "chrome", "gskit"];
/** Programs that show a certificate to the other side. */
export const presenting: ConsumerName[] = [
  "java",
  "nss",
  "firefox",
  "chrome",
  "gskit",
  "gnutls",
  "openssl-engine",
  "openssl-provider",
];

export const sources = {
  java: "JDK, sun/security/pkcs11/P11KeyStore.java: a private key is an entry only with a certificate of the same CKA_ID",
  nss: "NSS, lib/pk11wrap/pk11obj.c, PK11_MatchItem: certificate and private key are joined by CKA_ID",
  firefox: "NSS, CERT_FindUserCertsByUsage: only certificates whose private key is found",
  chrome: "Chromium, net/ssl/client_cert_store_nss.cc: NSS certificates whose private key is found",
  gskit: "IBM GSKit: a personal certificate of a token is a certificate with its private key beside it",
  "openssl-engine": "libp11, src/p11_ec.c: the point of an EC key is read from the public key object with its CKA_ID",
  "openssl-provider": "pkcs11-provider, src/objects.c: the public half is found by CKA_ID",
  openssh:
    "OpenSSH, ssh-pkcs11.c: lists public keys and certificates, and signs with the private key that has their CKA_ID",
  gnutls: "GnuTLS, lib/pkcs11_privkey.c: the point of an EC key is read from the public key object with its CKA_ID",
} satisfies Record<ConsumerName, string>;

/** One source for every program; a more exact one is put over it. */
export const fallback = (words: string): Record<ConsumerName, string> =>
  Object.fromEntries(consumerNames.map((name) => [name, words])) as Record<ConsumerName, string>;

export const names = (members: readonly { object: { label: string; id: string } }[]): string =>
  members
    .slice(0, 3)
    .map(({ object }) => `${object.label ? `"${object.label}"` : "without label"} (CKA_ID ${object.id || "empty"})`)
    .join(", ");
