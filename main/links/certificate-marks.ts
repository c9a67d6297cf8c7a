import {
  algorithmIdentifier,
  children,
  expectTag,
  isTrue,
  type Node,
  octets,
  oidOf,
  readAll,
  readNode,
  sequence,
  tags,
} from "../keys/ber.ts";
import { DerError } from "../pkcs11/der.ts";
import { extensionOids } from "../x509/extension-oids.ts";

/** What of a certificate decides whether a program takes it for a key. Bytes are those of the certificate, hexadecimal. */
export interface CertificateMarks {
  /** DER, kept for the check of signatures. */
  bytes: Buffer;
  subject: string;
  issuer: string;
  /** OID of the algorithm that it was signed with; for RSA-PSS with the hash's OID behind a blank. */
  signatureAlgorithm: string;
  /** OID of the algorithm of its public key. */
  keyAlgorithm: string;
  /** Extended key usage OIDs, null without the extension: then nothing is excluded (RFC 5280 4.2.1.12). */
  extendedKeyUsage: string[] | null;
  /** cA of basic constraints (RFC 5280 4.2.1.9). */
  ca: boolean;
  subjectKeyId: string | null;
  authorityKeyId: string | null;
}

const rsaPssOid = "1.2.840.113549.1.1.10";

/** Reads a certificate (RFC 5280 4.1) as far as links need it. @returns null if the bytes are none */
export const certificateMarks = (bytes: Buffer): CertificateMarks | null => {
  try {
    const [body, algorithm] = sequence(readAll(bytes), "Certificate");
    const all = children(expectTag(body, tags.sequence, "TBSCertificate"));
    const fields = all[0]?.tag === 0xa0 ? all.slice(1) : all;
    const [, , issuer, , subject, key] = fields;
    const [keyAlgorithm] = sequence(key, "SubjectPublicKeyInfo");
    const extensions = extensionsOf(fields.at(-1));
    return {
      bytes,
      subject: expectTag(subject, tags.sequence, "a subject").raw.toString("hex"),
      issuer: expectTag(issuer, tags.sequence, "an issuer").raw.toString("hex"),
      signatureAlgorithm: signatureAlgorithm(algorithm),
      keyAlgorithm: algorithmIdentifier(keyAlgorithm).oid,
      extendedKeyUsage: extension(extensions, extensionOids.extendedKeyUsage, (node) =>
        sequence(node, "ExtKeyUsage").map((each) => oidOf(each, "a purpose")),
      ),
      ca:
        extension(extensions, extensionOids.basicConstraints, (node) =>
          isTrue(sequence(node, "BasicConstraints")[0]),
        ) ?? false,
      subjectKeyId: extension(extensions, extensionOids.subjectKeyIdentifier, (node) => octets(node).toString("hex")),
      authorityKeyId: extension(extensions, extensionOids.authorityKeyIdentifier, (node) => {
        const id = sequence(node, "AuthorityKeyIdentifier").find(({ tag }) => tag === 0x80);
        return id ? id.content.toString("hex") : null;
      }),
    };
  } catch (thrown) {
    if (thrown instanceof DerError) return null;
    throw thrown;
  }
};

const signatureAlgorithm = (node: Node | undefined): string => {
  const { oid, parameters } = algorithmIdentifier(node);
  if (oid !== rsaPssOid || parameters?.tag !== tags.sequence) return oid;
  // RSASSA-PSS-params (RFC 4055 3.1): the hash is [0], and SHA-1 if it is left out.
  const hash = children(parameters).find(({ tag }) => tag === 0xa0);
  return `${oid} ${hash ? algorithmIdentifier(readNode(hash.content)).oid : "1.3.14.3.2.26"}`;
};

/** @param last field of TBSCertificate, which is [3] where there are extensions */
const extensionsOf = (last: Node | undefined): Map<string, Node> => {
  const found = new Map<string, Node>();
  if (last?.tag !== 0xa3) return found;
  for (const each of sequence(readNode(last.content), "Extensions")) {
    const [oid, ...rest] = sequence(each, "Extension");
    const value = rest.at(-1);
    if (value) found.set(oidOf(oid, "an extension's type"), value);
  }
  return found;
};

/** A broken extension is as good as none here; the certificate's viewer says what is wrong with it. */
const extension = <T>(all: Map<string, Node>, oid: string, read: (node: Node) => T): T | null => {
  const value = all.get(oid);
  if (!value) return null;
  try {
    return read(readAll(octets(value)));
  } catch (thrown) {
    if (thrown instanceof DerError) return null;
    throw thrown;
  }
};
