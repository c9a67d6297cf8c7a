import { type ConsumerName, consumerNames, type LinkReason, type RepairKind } from "../../preload/contract/links.ts";
import {
  certificatesElsewhere,
  expired,
  foreignCertificates,
  hasId,
  idOfZeros,
  type KeyFacts,
  keyType,
  kindWords,
  noClientAuth,
  notYetValid,
  onNistCurve,
  otherLabels,
  signs,
} from "./facts.ts";

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

const all = <E extends LinkReason["effect"]>(effect: E, ...names: ConsumerName[]) =>
  Object.fromEntries(names.map((name) => [name, effect])) as Partial<Record<ConsumerName, E>>;

/** Programs that find a key by the certificate with its CKA_ID. */
const byCertificate: ConsumerName[] = ["java", "firefox", "chrome", "gskit"];
/** Programs that show a certificate to the other side. */
const presenting: ConsumerName[] = [
  "java",
  "nss",
  "firefox",
  "chrome",
  "gskit",
  "gnutls",
  "openssl-engine",
  "openssl-provider",
];

const sources = {
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
const fallback = (words: string): Record<ConsumerName, string> =>
  Object.fromEntries(consumerNames.map((name) => [name, words])) as Record<ConsumerName, string>;

const names = (members: { object: { label: string; id: string } }[]): string =>
  members
    .slice(0, 3)
    .map(({ object }) => `${object.label ? `"${object.label}"` : "without label"} (CKA_ID ${object.id || "empty"})`)
    .join(", ");

const hasPoint = ({ key }: KeyFacts): boolean => key.publicKey !== null;

export const rules: Rule[] = [
  {
    name: "no-certificate",
    on: {
      ...all("hides", ...byCertificate),
      nss: "limits",
      ...all("note", "openssl-engine", "openssl-provider", "gnutls"),
    },
    source: sources,
    repairs: [],
    words: ({ certificates, foreign }) =>
      certificates.length === 0 && !foreign.some(({ object }) => object.class === "certificate")
        ? "There is no certificate of this key on the token."
        : null,
  },
  {
    name: "certificate-other-id",
    on: {
      ...all("hides", ...byCertificate),
      nss: "limits",
      ...all("note", "openssl-engine", "openssl-provider", "gnutls"),
    },
    source: sources,
    repairs: ["alignId"],
    words: (facts) =>
      hasId(facts) && facts.certificates.length > 0 && facts.certificatesUnderId.length === 0
        ? `Its certificate ${names(certificatesElsewhere(facts))} has another CKA_ID than the private key (${facts.key.object.id}).`
        : null,
  },
  {
    name: "foreign-certificate",
    on: {
      ...all("limits", ...byCertificate, "nss", "gnutls", "openssl-engine", "openssl-provider", "openssh"),
    },
    source: sources,
    repairs: ["moveForeign"],
    words: (facts) =>
      foreignCertificates(facts).length > 0
        ? `Its CKA_ID is also that of a certificate of another key: ${names(foreignCertificates(facts))}. Programs that join by CKA_ID take the two for a pair, and every signature is refused by the other side.`
        : null,
  },
  {
    name: "empty-id",
    on: {
      ...all("hides", ...byCertificate),
      ...all("limits", "nss", "openssh", "openssl-engine", "openssl-provider", "gnutls"),
    },
    source: sources,
    repairs: ["changeKeyId"],
    words: (facts) =>
      hasId(facts) ? null : "The private key has no CKA_ID, by which it would be joined with anything.",
  },
  {
    name: "id-of-zeros",
    on: { nss: "limits", firefox: "hides", chrome: "hides" },
    source: "NSS, lib/pk11wrap/pk11obj.c, pk11_isID0: an ID of zeros counts as none",
    repairs: ["changeKeyId"],
    words: (facts) => (idOfZeros(facts) ? "The private key's CKA_ID is all zeros, which NSS takes for none." : null),
  },
  {
    name: "duplicate-id",
    on: all(
      "limits",
      "java",
      "nss",
      "firefox",
      "chrome",
      "gskit",
      "openssh",
      "openssl-engine",
      "openssl-provider",
      "gnutls",
    ),
    source:
      "PKCS#11 2.40, 4.4.2 and 4.9: CKA_ID tells keys of one subject apart; programs take the first that fits (OpenSC/OpenSC#1613)",
    repairs: ["changeKeyId"],
    words: ({ sameId }) =>
      sameId.length > 0
        ? `${sameId.length === 1 ? "Another private key has" : `${sameId.length} other private keys have`} the same CKA_ID: ${names([...sameId])}. Which one is used is chance.`
        : null,
  },
  {
    name: "missing-public-key",
    on: { "openssl-engine": "hides", "openssl-provider": "limits", gnutls: "limits" },
    source: sources,
    repairs: ["writePublicKey", "alignId"],
    words: (facts) =>
      keyType(facts) !== "RSA" && facts.publicUnderId.length === 0 && !hasPoint(facts)
        ? "No public key object has the private key's CKA_ID, and an EC private key does not show its own public point."
        : null,
  },
  {
    name: "nothing-public",
    on: { openssh: "hides" },
    source: sources.openssh,
    repairs: ["writePublicKey"],
    words: ({ publicKeys, certificates, foreign }) =>
      publicKeys.length + certificates.length + foreign.length === 0
        ? "Neither a public key object nor a certificate of this key is on the token."
        : null,
  },
  {
    name: "public-other-id",
    on: { openssh: "limits" },
    source: sources.openssh,
    repairs: ["alignId"],
    words: ({ publicKeys, certificates, publicUnderId, certificatesUnderId }) =>
      publicKeys.length + certificates.length > 0 && publicUnderId.length + certificatesUnderId.length === 0
        ? "Its public key and certificate have another CKA_ID than the private key, which is looked up by theirs when it signs."
        : null,
  },
  {
    name: "public-needs-login",
    on: { openssh: "limits" },
    source: sources.openssh,
    repairs: [],
    words: ({ publicKeys, certificates }) => {
      const own = [...publicKeys, ...certificates];
      return own.length > 0 && own.every(({ object }) => object.private)
        ? "Public key and certificate are private objects (CKA_PRIVATE): they are seen only after a login, which it asks for only if it sees no key at all."
        : null;
    },
  },
  {
    name: "certificate-needs-login",
    on: {
      ...all("note", "java", "gskit", "gnutls", "openssl-engine", "openssl-provider"),
      ...all("limits", "nss", "firefox", "chrome"),
    },
    source: "PKCS#11 2.40, 4.4: a private object can be seen only after login (CKA_PRIVATE)",
    repairs: [],
    words: ({ certificate }) =>
      certificate?.object.private ? "Its certificate is a private object: it is seen only after a login." : null,
  },
  {
    name: "cannot-sign",
    on: all(
      "limits",
      "java",
      "nss",
      "firefox",
      "chrome",
      "gskit",
      "openssh",
      "openssl-engine",
      "openssl-provider",
      "gnutls",
    ),
    source: "PKCS#11 2.40, C_SignInit: the key's CKA_SIGN must be true; TLS client login and SSH sign",
    repairs: ["allowSign"],
    words: (facts) => (signs(facts) ? null : "The private key may not sign (CKA_SIGN is false)."),
  },
  {
    name: "label-differs",
    on: all("note", "openssl-engine", "openssl-provider", "gnutls", "gskit", "java"),
    source:
      "RFC 7512: `object=` is CKA_LABEL; one label for both finds both. Java and GSKit name the key by its certificate's label",
    repairs: ["alignLabel"],
    words: (facts) =>
      otherLabels(facts).length > 0
        ? `Its label is "${facts.key.object.label}", that of ${names(otherLabels(facts))} is another: a URI with object= finds only one of them.`
        : null,
  },
  {
    name: "certificate-expired",
    on: { ...all("limits", ...presenting.filter((name) => name !== "chrome")), chrome: "hides" },
    source: {
      ...fallback("RFC 5280, 4.1.2.5: the other side refuses it"),
      chrome: "Chromium, client_cert_store_nss.cc: expired certificates are left out",
    },
    repairs: [],
    words: (facts) =>
      expired(facts) ? `Its certificate ended on ${facts.certificate?.object.notAfter?.slice(0, 10)}.` : null,
  },
  {
    name: "certificate-not-yet-valid",
    on: all("limits", ...presenting),
    source: "RFC 5280, 4.1.2.5: the other side refuses it",
    repairs: [],
    words: (facts) =>
      notYetValid(facts)
        ? `Its certificate begins only on ${facts.certificate?.object.notBefore?.slice(0, 10)}.`
        : null,
  },
  {
    name: "no-client-auth",
    on: {
      ...all("hides", "firefox", "chrome"),
      ...all("note", "java", "nss", "gskit", "gnutls", "openssl-engine", "openssl-provider"),
    },
    source:
      "RFC 5280, 4.2.1.12: an extended key usage without clientAuth excludes TLS client login; browsers leave such certificates out (certUsageSSLClient)",
    repairs: [],
    words: (facts) =>
      noClientAuth(facts)
        ? "Its certificate is not for TLS client login (extended key usage without clientAuth)."
        : null,
  },
  {
    name: "chain-missing",
    on: all("note", ...presenting),
    source: "RFC 8446, 4.4.2: a client sends its chain up to a CA that the server knows",
    repairs: [],
    words: ({ certificate, chainComplete }) =>
      certificate && !chainComplete
        ? "The issuers of its certificate are not all on the token: a server that does not know the issuing CA refuses it, unless the program has the chain from a file."
        : null,
  },
  {
    name: "edwards-refused",
    on: {
      java: "limits",
      ...all("hides", "openssh", "openssl-engine", "gskit"),
      ...all("limits", "firefox", "chrome", "nss"),
    },
    source: {
      ...fallback("IBM and NSS documentation: RSA and EC on P-256, P-384, P-521"),
      java: "JDK 17, P11KeyStore.java, loadPkey: RSA, DSA, EC and DH only",
      openssh: "OpenSSH before 10.1, ssh-pkcs11.c: RSA and ECDSA only",
      "openssl-engine": "libp11 before 0.4.13: RSA and EC only",
    },
    repairs: [],
    words: (facts) =>
      /^(Ed|X)(25519|448)$|^EdDSA$|^XDH$/.test(keyType(facts))
        ? `It does not take ${kindWords(facts)} keys of tokens.`
        : null,
  },
  {
    name: "curve-refused",
    on: { ...all("limits", "java", "nss", "firefox", "chrome"), ...all("hides", "openssh", "gskit") },
    source: {
      ...fallback("NSS, lib/freebl/ecl: P-256, P-384 and P-521"),
      java: "JDK 16 and later (JDK-8235710): P-256, P-384 and P-521 only",
      openssh: "OpenSSH, sshkey.c: ECDSA on P-256, P-384 and P-521 only (RFC 5656, 10.1)",
    },
    repairs: [],
    words: (facts) =>
      keyType(facts) === "EC" && !onNistCurve(facts)
        ? `It does not take the curve ${facts.key.object.curve ?? "of this key"}.`
        : null,
  },
  {
    name: "pss-certificate",
    on: all("limits", "java", "gskit"),
    source:
      "RFC 4055, 3.1: a key marked RSASSA-PSS may be used with PSS only, which SunPKCS11 and GSKit do not make with it",
    repairs: [],
    words: ({ certificate }) =>
      certificate?.certificate?.keyAlgorithm === "1.2.840.113549.1.1.10"
        ? "Its certificate holds an RSA-PSS key."
        : null,
  },
  {
    name: "ams-rsa-only",
    on: all("note", "gskit"),
    source: "IBM MQ documentation, Advanced Message Security: RSA keys only",
    repairs: [],
    words: (facts) =>
      keyType(facts) === "RSA"
        ? null
        : "MQ channels can use it, Advanced Message Security cannot: it takes RSA keys only.",
  },
  {
    name: "always-authenticate",
    on: {
      ...all("limits", "java"),
      ...all("note", "openssl-engine", "openssl-provider", "nss", "firefox", "chrome", "gnutls", "openssh", "gskit"),
    },
    source: "PKCS#11 2.40, 4.9: CKA_ALWAYS_AUTHENTICATE wants the PIN at each use",
    repairs: [],
    words: ({ key }) =>
      key.object.flags.includes("always-authenticate") ? "The key asks for the PIN at each use." : null,
  },
  {
    name: "several-certificates",
    on: all("note", "java"),
    source: "JDK, P11KeyStore.java, mapLabels: certificates that share a label get label/issuer/serial number as alias",
    repairs: ["alignLabel"],
    words: ({ certificatesUnderId }) =>
      certificatesUnderId.length > 1
        ? `${certificatesUnderId.length} certificates have the key's CKA_ID; which of them Java pairs with it is chance.`
        : null,
  },
];
