import { type CertificateProfile, certificateProfile } from "../../preload/contract/certificate-profile.ts";
import { shortNames } from "../objects/distinguished-name.ts";
import { type NamePart, namePartsOf } from "../x509/name.ts";
import type { KnownInput } from "./known-input.ts";
import { opensslDigest, opensslExtensions } from "./openssl-extensions.ts";
import { type Equivalent, type ModuleWords, needPrivateKey, opensslOnToken, uriWords, withProvider } from "./tools.ts";

/** Where OpenSSL spells a type otherwise than RFC 4514. */
const opensslTypes: Record<string, string> = { STREET: "street" };

/**
 * RFC 4514 (most specific part first) as openssl's -subj takes it: that part last, parts led by a slash, "+" within a
 * part of several values, a backslash before these three. With -utf8.
 * @returns null for a name that -subj cannot say: of a type that OpenSSL may not know, or with a value given as DER
 * @throws Failure INVALID_REQUEST for a text that the app cannot read either
 */
export const opensslSubject = (subject: string): string | null => {
  const parts = namePartsOf(subject).reverse();
  if (parts.flat().some(({ oid, tag }) => tag === null || shortNames[oid] === undefined)) return null;
  return parts.map((relative) => `/${relative.map(opensslPart).join("+")}`).join("");
};

const opensslPart = ({ oid, value }: NamePart): string => {
  const name = shortNames[oid] ?? oid;
  return `${opensslTypes[name] ?? name}=${value.toString("utf8").replace(/[\\/+]/g, "\\$&")}`;
};

const none = (note: string): Equivalent => ({ commands: [], note });

/**
 * openssl req with a key on the token: pkcs11-provider is the one way that takes a PKCS#11 URI for every kind of key.
 * @param days of a self-signed certificate; null for a request
 */
export const opensslRequest = (module: ModuleWords, input: KnownInput, days: number | null): Equivalent => {
  needPrivateKey(input.key ?? {}, "C_Sign");
  const profile = certificateProfile.parse({
    ...plainProfile(input),
    ...input.profile,
    subject: input.profile?.subject ?? (input.profile ? "" : input.subject || "CN=NAME"),
  });
  const subject = profile.subject === "" ? "/" : opensslSubject(profile.subject);
  if (subject === null)
    return none("openssl's -subj has no way to write a value of this type, or one that is given as DER.");
  const extensions = opensslExtensions(profile);
  if (extensions === null) return none("openssl's -addext has no way to write one of these values.");
  return {
    commands: [
      opensslOnToken(module, [
        ...["req", "-new", ...(days === null ? [] : ["-x509"])],
        ...withProvider,
        ...["-key", uriWords(module, input, { class: "privateKey", ...input.key })],
        ...["-utf8", "-subj", subject, ...(days === null ? [] : ["-days", String(days)])],
        ...opensslDigest(input.algorithm),
        ...extensions.flatMap((extension) => ["-addext", extension]),
        ...["-out", days === null ? "request.csr" : "certificate.pem"],
      ]),
    ],
    note: "Needs OpenSSL 3 with pkcs11-provider, which asks for the PIN.",
  };
};

/** What certificates.selfSign makes of `subject` and `ca` alone. */
const plainProfile = ({ ca, profile }: KnownInput): Partial<CertificateProfile> =>
  profile
    ? {}
    : { basicConstraints: { ca: ca ?? false }, keyUsage: ca ? ["keyCertSign", "cRLSign"] : ["digitalSignature"] };
