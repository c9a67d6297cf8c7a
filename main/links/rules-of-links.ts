import { consumerNames } from "../../preload/contract/link-names.ts";
import {
  certificatesElsewhere,
  foreignCertificates,
  hasId,
  idOfZeros,
  type KeyFacts,
  keyType,
  otherLabels,
  withKeysId,
} from "./facts.ts";
import { all, byCertificate, names, presenting, type Rule, sources } from "./rule.ts";

/** An EC private key shows no public point of its own, and nothing with its CKA_ID has it. */
const noPointUnderId = (facts: KeyFacts): boolean =>
  keyType(facts) !== "RSA" &&
  facts.key.publicKey === null &&
  withKeysId(facts, [...facts.publicKeys, ...facts.certificates]).length === 0;

const noPoint =
  "Neither a public key object nor a certificate of this key has its CKA_ID, and an EC private key does not show its own public point: requests and TLS logins need it.";

/** How private key, public key and certificate are joined, or not. */
export const rulesOfLinks: Rule[] = [
  {
    name: "no-certificate",
    on: {
      ...all("hides", ...byCertificate),
      ...all("limits", "nss", "gnutls"),
      ...all("note", "openssl-engine", "openssl-provider"),
    },
    source: sources,
    repairs: [],
    words: (facts) =>
      facts.certificates.length === 0 && foreignCertificates(facts).length === 0
        ? "There is no certificate of this key on the token."
        : null,
  },
  {
    name: "certificate-other-id",
    on: {
      ...all("hides", ...byCertificate),
      ...all("limits", "nss", "gnutls"),
      ...all("note", "openssl-engine", "openssl-provider"),
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
      ...all("hides", ...byCertificate),
      ...all("limits", "nss", "gnutls", "openssl-engine", "openssl-provider"),
      openssh: "note",
    },
    source: sources,
    repairs: ["moveForeign"],
    words: (facts) =>
      foreignCertificates(facts).length > 0 && facts.certificatesUnderId.length === 0
        ? `Its CKA_ID is that of a certificate of another key: ${names(foreignCertificates(facts))}. Programs that join by CKA_ID take the two for a pair, and every signature is refused by the other side.`
        : null,
  },
  {
    name: "foreign-certificate-beside",
    on: { ...all("limits", ...presenting), ...all("note", "openssl-engine", "openssh") },
    source: {
      ...sources,
      "openssl-engine": "OpenSSL takes certificates from files; the key is told by its own CKA_ID",
    },
    repairs: ["moveForeign"],
    words: (facts) =>
      foreignCertificates(facts).length > 0 && facts.certificatesUnderId.length > 0
        ? `A certificate of another key has its CKA_ID, too: ${names(foreignCertificates(facts))}. Which of them is taken is chance.`
        : null,
  },
  {
    name: "several-certificates",
    on: { ...all("limits", "java", "gnutls", "gskit"), ...all("note", "nss", "firefox", "chrome") },
    source:
      "JDK, P11KeyStore.java, and GnuTLS, pkcs11.c: the first certificate with the CKA_ID is taken, in the order in which the module tells them",
    repairs: [],
    words: ({ certificatesUnderId }) =>
      certificatesUnderId.length > 1
        ? `${certificatesUnderId.length} certificates of this key have its CKA_ID; which of them is taken is chance.`
        : null,
  },
  {
    name: "empty-id",
    on: {
      ...all("hides", ...byCertificate),
      nss: "limits",
      ...all("note", "openssh", "openssl-engine", "openssl-provider", "gnutls"),
    },
    source: sources,
    repairs: ["changeKeyId"],
    words: (facts) =>
      hasId(facts) ? null : "The private key has no CKA_ID, by which it would be joined with anything.",
  },
  {
    name: "id-of-zeros",
    on: all("note", "nss", "firefox", "chrome"),
    source: "NSS, lib/pk11wrap/pk11cert.c, pk11_isID0: a mark of certificates that may be trusted by themselves",
    repairs: ["changeKeyId"],
    words: (facts) =>
      idOfZeros(facts)
        ? "The private key's CKA_ID is all zeros. It is found, but NSS takes such a CKA_ID for the mark of a trusted certificate."
        : null,
  },
  {
    name: "duplicate-id",
    on: all("limits", ...consumerNames),
    source:
      "PKCS#11 2.40, 4.9: CKA_ID tells keys apart; SunPKCS11 refuses two private keys with one CKA_ID, others take the first that they find (OpenSC/OpenSC#1613)",
    repairs: ["changeKeyId"],
    words: ({ sameId }) =>
      sameId.length > 0
        ? `${sameId.length === 1 ? "Another private key has" : `${sameId.length} other private keys have`} the same CKA_ID: ${names(sameId)}. Which one is used is chance.`
        : null,
  },
  {
    name: "nothing-public",
    on: { openssh: "hides" },
    source: sources.openssh,
    repairs: ["writePublicKey"],
    words: ({ publicKeys, certificates }) =>
      publicKeys.length + certificates.length === 0
        ? "Neither a public key object nor a certificate of this key is on the token."
        : null,
  },
  {
    name: "public-other-id",
    on: { openssh: "limits" },
    source:
      "OpenSSH, ssh-pkcs11.c, pkcs11_get_key: signs with the private key that has the CKA_ID of the public key that was listed, public key objects before certificates",
    repairs: ["alignId"],
    words: (facts) => {
      const listed = facts.publicKeys.length > 0 ? facts.publicKeys : facts.certificates;
      return withKeysId(facts, listed).length < listed.length
        ? `It lists ${names(listed)}, and looks for a private key with that CKA_ID when it signs; the private key has another.`
        : null;
    },
  },
  {
    name: "no-public-point",
    on: all("limits", "openssl-engine", "openssl-provider", "nss"),
    source: sources,
    repairs: ["writePublicKey", "alignId"],
    words: (facts) => (noPointUnderId(facts) ? noPoint : null),
  },
  {
    name: "no-public-point-by-id",
    on: all("limits", "gnutls"),
    source: "GnuTLS, lib/pkcs11_privkey.c: looks for the public key with the URI's CKA_ID; a URI without one fits any",
    repairs: ["writePublicKey", "alignId"],
    words: (facts) => (hasId(facts) && noPointUnderId(facts) ? noPoint : null),
  },
  {
    name: "label-differs",
    on: all("note", "openssl-engine", "openssl-provider", "gnutls", "gskit", "java"),
    source:
      "RFC 7512: object= is CKA_LABEL; one label for both finds both. Java and GSKit name the key by its certificate's label",
    repairs: ["alignLabel"],
    words: (facts) =>
      otherLabels(facts).length > 0
        ? `Its label is "${facts.key.object.label}", that of ${names(otherLabels(facts))} is another: a URI with object= finds only one of them.`
        : null,
  },
];
