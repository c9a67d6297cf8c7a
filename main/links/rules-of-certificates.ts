import { expired, noClientAuth, notYetValid } from "./facts.ts";
import { all, fallback, presenting, type Rule } from "./rule.ts";

/** What programs ask of the certificate. */
export const rulesOfCertificates: Rule[] = [
  {
    name: "certificate-bare",
    on: { nss: "limits", ...all("hides", "firefox", "chrome") },
    source:
      "NSS, lib/dev/devtoken.c and pk11cert.c: certificates are found by CKA_SUBJECT, CKA_ISSUER and CKA_SERIAL_NUMBER",
    repairs: ["completeCertificate"],
    words: ({ certificate }) =>
      certificate && certificate.missing.length > 0
        ? `Its certificate object lacks ${certificate.missing.join(", ")}.`
        : null,
  },
  {
    name: "certificate-without-label",
    on: { ...all("limits", "nss", "gskit"), ...all("note", "firefox", "chrome", "java") },
    source:
      "NSS: a certificate's nickname is its CKA_LABEL, and commands choose by nickname; GSKit names a certificate by its label",
    repairs: ["alignLabel"],
    words: ({ certificate }) => (certificate?.object.label === "" ? "Its certificate has no label." : null),
  },
  {
    name: "certificate-needs-login",
    on: all("note", ...presenting),
    source: "PKCS#11 2.40, 4.4: a private object can be seen only after login (CKA_PRIVATE)",
    repairs: [],
    words: ({ certificate }) =>
      certificate?.object.private ? "Its certificate is a private object: it is seen only after a login." : null,
  },
  {
    name: "certificate-expired",
    on: { ...all("limits", ...presenting), chrome: "hides" },
    source: {
      ...fallback("RFC 5280, 4.1.2.5: the other side refuses it"),
      nss: "NSS, CERT_FilterCertListByUsage: an expired certificate is not chosen for TLS login",
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
    on: { ...all("limits", ...presenting), ...all("hides", "firefox", "chrome") },
    source:
      "RFC 5280, 4.2.1.12: an extended key usage without clientAuth excludes TLS client login; browsers leave such certificates out (certUsageSSLClient), servers refuse them",
    repairs: [],
    words: (facts) =>
      noClientAuth(facts)
        ? "Its certificate is not for TLS client login (extended key usage without clientAuth)."
        : null,
  },
  {
    name: "chain-not-sent",
    on: { gnutls: "limits" },
    source: "GnuTLS, gnutls_certificate_set_x509_key_file: of a token's certificate by URI only that one is sent",
    repairs: [],
    words: ({ certificate, intermediates }) =>
      certificate && intermediates > 0
        ? "Its issuer's certificate is on the token, but GnuTLS sends the certificate alone: a server that does not know the issuing CA refuses it."
        : null,
  },
  {
    name: "chain-missing",
    on: all("note", ...presenting),
    source: "RFC 8446, 4.4.2: a client sends its chain up to a CA that the server knows",
    repairs: [],
    words: ({ certificate, chainComplete }) =>
      certificate && !chainComplete
        ? "Not all issuers of its certificate are on the token. If the issuing CA is not one that the server knows, the server refuses it, unless the program has the chain from a file."
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
];
