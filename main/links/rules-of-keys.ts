import { consumerNames } from "../../preload/contract/link-names.ts";
import { keyType, kindWords, onNistCurve, signs } from "./facts.ts";
import { all, fallback, names, type Rule, sources } from "./rule.ts";

/** What programs ask of the private key. */
export const rulesOfKeys: Rule[] = [
  {
    name: "public-needs-login",
    on: { openssh: "note" },
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
    name: "cannot-sign",
    on: all("limits", ...consumerNames),
    source: "PKCS#11 2.40, C_SignInit: the key's CKA_SIGN must be true; TLS client login and SSH sign",
    repairs: ["allowSign"],
    words: (facts) => (signs(facts) ? null : "The private key may not sign (CKA_SIGN is false)."),
  },
  {
    name: "always-authenticate",
    on: {
      ...all("limits", "java", "openssl-engine", "openssh"),
      ...all("note", "openssl-provider", "nss", "firefox", "chrome", "gnutls", "gskit"),
    },
    source: {
      ...fallback("PKCS#11 2.40, 4.9: CKA_ALWAYS_AUTHENTICATE wants the PIN at each use"),
      java: "SunPKCS11 makes no context-specific login: CKR_USER_NOT_LOGGED_IN",
      "openssl-engine": "libp11 asks for the PIN again at each use, at the terminal only (OpenSC/libp11#101)",
      openssh: "OpenSSH, ssh-pkcs11.c, pkcs11_always_auth: asks at the terminal; an agent has none, and refuses",
    },
    repairs: [],
    words: ({ key }) =>
      key.object.flags.includes("always-authenticate") ? "The key asks for the PIN at each use." : null,
  },
  {
    name: "edwards-refused",
    on: {
      ...all("limits", "java", "nss", "gnutls", "firefox", "chrome"),
      ...all("hides", "openssh", "openssl-engine", "gskit"),
    },
    source: {
      ...fallback("IBM and NSS documentation: RSA and EC on P-256, P-384, P-521"),
      java: "JDK 17, P11KeyStore.java, loadPkey: RSA, DSA, EC and DH only (unknown key type)",
      nss: "NSS 3.87: SEC_ERROR_UNSUPPORTED_KEYALG",
      openssh: "OpenSSH before 10.1, ssh-pkcs11.c: RSA and ECDSA only",
      "openssl-engine": "libp11 before 0.4.13: RSA and EC only",
      gnutls: "GnuTLS 3.7: p11tool --test-sign knows no such key; TLS logins work",
    },
    repairs: [],
    words: (facts) =>
      /^(Ed|X)(25519|448)$|^EdDSA$|^XDH$/.test(keyType(facts))
        ? `It does not take ${kindWords(facts)} keys of tokens, or not for everything.`
        : null,
  },
  {
    name: "curve-refused",
    on: {
      ...all("limits", "java", "nss", "firefox", "chrome", "gnutls"),
      ...all("hides", "openssh", "gskit"),
    },
    source: {
      ...fallback("NSS, lib/freebl/ecl: P-256, P-384 and P-521"),
      java: "JDK 17: No supported CertificateVerify signature algorithm for other curves (JDK-8235710)",
      gnutls: "GnuTLS, lib/algorithms/ecc.c: P-256, P-384 and P-521 (The curve is unsupported)",
      openssh: "OpenSSH, sshkey.c: ECDSA on P-256, P-384 and P-521 only (RFC 5656, 10.1)",
    },
    repairs: [],
    words: (facts) =>
      keyType(facts) === "EC" && facts.key.object.curve !== null && !onNistCurve(facts)
        ? `It does not take the curve ${facts.key.object.curve}, or not for TLS.`
        : null,
  },
  {
    name: "agent-ends",
    on: { openssh: "limits" },
    source: "OpenSSH 9.2, asked: ssh-agent ends (communication with agent failed) when such a key is among a module's",
    repairs: [],
    words: ({ rareBeside }) =>
      rareBeside.length > 0
        ? `ssh-agent does not survive another key on this token, ${names(rareBeside)}: its curve is none of OpenSSH's. ssh itself and ssh-keygen pass it over.`
        : null,
  },
  {
    name: "curve-not-in-tls",
    on: all("limits", "openssl-engine", "openssl-provider"),
    source: "RFC 8446, 4.2.3: TLS signs with P-256, P-384 and P-521",
    repairs: [],
    words: (facts) =>
      keyType(facts) === "EC" && facts.certificate && facts.key.object.curve !== null && !onNistCurve(facts)
        ? `Signatures work, TLS logins with the curve ${facts.key.object.curve} do not.`
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
];
