import type { SchemeView, TlsView } from "../../../../preload/contract/x509.ts";
import type { Algorithm } from "../algorithm.ts";
import type { Extension } from "../extensions/extensions.ts";
import type { ReadKey } from "../public-key.ts";
import { clientRole, serverRole, usageOf } from "./roles.ts";
import { keySchemes, signatureScheme } from "./schemes.ts";

/** Named groups (RFC 8422 5.1.1, RFC 7027, RFC 8446 4.2.7) of the curves of keys. */
const groups: Record<string, { code: string; name: string }> = {
  "P-192": { code: "0013", name: "secp192r1" },
  "P-224": { code: "0015", name: "secp224r1" },
  secp256k1: { code: "0016", name: "secp256k1" },
  "P-256": { code: "0017", name: "secp256r1" },
  "P-384": { code: "0018", name: "secp384r1" },
  "P-521": { code: "0019", name: "secp521r1" },
  brainpoolP256r1: { code: "001a", name: "brainpoolP256r1" },
  brainpoolP384r1: { code: "001b", name: "brainpoolP384r1" },
  brainpoolP512r1: { code: "001c", name: "brainpoolP512r1" },
};

/**
 * What TLS makes of a key and its certificate.
 * @param signature algorithm of the certificate's own signature; null for a request
 * @param selfSigned whether that signature was made with the key itself
 */
export const tlsView = (
  key: ReadKey,
  signature: Algorithm | null,
  extensions: Extension[],
  selfSigned: boolean,
): TlsView => {
  const schemes = keySchemes(key);
  const own = signature && signatureScheme(signature, selfSigned ? key : null);
  const usage = usageOf(extensions);
  const group = (key.kind === "EC" && key.curve && groups[key.curve]) || null;
  return {
    keySchemes: schemes,
    signatureScheme: own,
    group,
    settings: settingsOf(schemes, own),
    server: serverRole(key, usage),
    client: clientRole(key, usage),
    tls13: tls13Words(key, schemes, group),
  };
};

const tls13Words = (key: ReadKey, schemes: SchemeView[], group: TlsView["group"]): string[] => {
  const usable = schemes.filter(({ versions }) => versions.includes("1.3"));
  if (schemes.length === 0) return [];
  if (usable.length === 0) return ["TLS 1.3 has no signature scheme for this key: it serves in TLS 1.2 only."];
  return [
    `Signature schemes: ${usable.map(({ code, name }) => `${name} (${code})`).join(", ")}.`,
    "Suites: every one of TLS 1.3; they do not depend on the key.",
    group
      ? `Groups: any. In TLS 1.2 the client must also list the key's own curve, ${group.name} (${group.code}).`
      : "Groups: any.",
    ...(key.kind === "EC" && key.curve?.startsWith("brainpool")
      ? ["Few programs know Brainpool curves in TLS 1.3 (RFC 8734); OpenSSL does from 3.2 on."]
      : []),
  ];
};

/** Lists in which the schemes must stand: those of the key in the peer's, that of the signature too. */
const settingsOf = (schemes: SchemeView[], own: SchemeView | null): TlsView["settings"] => {
  const all = own && !schemes.some(({ code }) => code === own.code) ? [...schemes, own] : schemes;
  if (all.length === 0) return [];
  const openssl = all.flatMap(({ openssl: word }) => word ?? []).join(":");
  const java = all.map(({ name }) => name).join(",");
  return [
    {
      program: "IBM System SSL (z/OS), GSKit",
      setting: "GSK_TLS_SIG_ALG_PAIRS",
      value: all.map(({ code }) => code).join(""),
      note: "One of the key's and that of the certificate's signature must be in the list of both sides, else error 467 or alert 80. Older releases know fewer.",
    },
    ...(openssl === ""
      ? []
      : [
          {
            program: "OpenSSL",
            setting: "SignatureAlgorithms, -sigalgs",
            value: openssl,
            note: "A server that asks for client certificates: ClientSignatureAlgorithms, -client_sigalgs.",
          },
        ]),
    {
      program: "Java",
      setting: "jdk.tls.client.SignatureSchemes, jdk.tls.server.SignatureSchemes",
      value: java,
      note: null,
    },
  ];
};
