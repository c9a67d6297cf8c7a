import { createHash } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  AccessDescription,
  AuthorityInfoAccessSyntax,
  AuthorityKeyIdentifier,
  BasicConstraints,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  ExtendedKeyUsage,
  type GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  SubjectKeyIdentifier,
} from "@peculiar/asn1-x509";
import { extendedKeyUsageOids } from "../../preload/contract/certificate-names.ts";
import type { AlternativeName, CertificateProfile } from "../../preload/contract/certificate-profile.ts";
import { tags } from "../keys/ber.ts";
import { type PublicKey, subjectPublicKey } from "../keys/public-key.ts";
import { derWhole } from "../pkcs11/der.ts";
import { der, derOid, derUnsigned } from "../pkcs11/der-write.ts";
import { extensionOids } from "./extension-oids.ts";
import { generalName, writtenName } from "./general-names.ts";
import { unfit } from "./unfit.ts";

const criticalTrue = Buffer.from([0x01, 0x01, 0xff]);

/** The OIDs of extensions come again and again. */
const oidBytes = new Map(Object.values(extensionOids).map((oid) => [oid as string, derOid(oid)]));

/** One Extension (RFC 5280 4.2). @param value DER of its content */
export const extension = (oid: string, critical: boolean, value: Uint8Array): Buffer =>
  der(
    tags.sequence,
    oidBytes.get(oid) ?? derOid(oid),
    ...(critical ? [criticalTrue] : []),
    der(tags.octetString, value),
  );

const serialized = (structure: object): Buffer => Buffer.from(AsnConvert.serialize(structure));

/**
 * The extensions of a profile, each in DER, those that are not asked for left out.
 * @throws Failure INVALID_REQUEST for names and OIDs that cannot be written, and for what contradicts RFC 5280
 */
export const profileExtensions = (profile: CertificateProfile): Buffer[] => {
  refuseContradictions(profile);
  const critical = (name: CertificateProfile["critical"][number]) => profile.critical.includes(name);
  const { basicConstraints, keyUsage, extendedKeyUsage, san } = profile;
  return [
    ...(basicConstraints
      ? [extension(extensionOids.basicConstraints, critical("basicConstraints"), constraints(basicConstraints))]
      : []),
    ...(keyUsage.length > 0 ? [extension(extensionOids.keyUsage, critical("keyUsage"), usage(keyUsage))] : []),
    ...(extendedKeyUsage.length > 0
      ? [extension(extensionOids.extendedKeyUsage, critical("extendedKeyUsage"), purposes(extendedKeyUsage))]
      : []),
    ...(san.length > 0
      ? // RFC 5280 4.2.1.6: critical where the subject is empty.
        [
          extension(
            extensionOids.subjectAltName,
            critical("subjectAltName") || profile.subject.trim() === "",
            names(san),
          ),
        ]
      : []),
    ...profile.extensions.map(other),
  ];
};

/** The parts of a profile that stand for themselves, each with its writer, which throws what is wrong with it. */
export const profileParts = ({ extendedKeyUsage, extensions }: CertificateProfile) => [
  ...extendedKeyUsage.map((purpose, i) => ({ part: `extendedKeyUsage.${i}`, write: () => purposes([purpose]) })),
  ...extensions.map((wanted, i) => ({ part: `extensions.${i}`, write: () => other(wanted) })),
];

const refuseContradictions = (profile: CertificateProfile): void => {
  const { subject, san, basicConstraints, keyUsage, extendedKeyUsage, extensions } = profile;
  if (subject.trim() === "" && san.length === 0)
    throw unfit("subject", "There is neither a subject nor an alternative name.", "Give at least one of them.");
  if (basicConstraints?.pathLength !== undefined && !basicConstraints.ca)
    throw unfit("basicConstraints", "A path length is for a CA only (RFC 5280 4.2.1.9).", "Leave it out, or set CA.");
  if (keyUsage.includes("keyCertSign") && !basicConstraints?.ca)
    throw unfit("keyUsage", "keyCertSign is for a CA only (RFC 5280 4.2.1.3).", "Set CA, or leave keyCertSign out.");
  const written = new Set<string>(
    [
      basicConstraints && extensionOids.basicConstraints,
      keyUsage.length > 0 && extensionOids.keyUsage,
      extendedKeyUsage.length > 0 && extensionOids.extendedKeyUsage,
      san.length > 0 && extensionOids.subjectAltName,
    ].filter((oid) => typeof oid === "string"),
  );
  for (const { oid } of extensions) {
    if (written.has(oid))
      throw unfit(`extension ${oid}`, "The extension is there twice (RFC 5280 4.2).", "Remove one of the two.");
    written.add(oid);
  }
};

/** Extensions that say the same from one certificate to the next; the library takes half as long as a signature for each. */
const made = new Map<string, Buffer>();
const madeOnce = (key: string, make: () => Buffer): Buffer => {
  const known = made.get(key);
  if (known) return known;
  const bytes = make();
  if (made.size >= 500) made.clear();
  made.set(key, bytes);
  return bytes;
};

const constraints = ({ ca, pathLength }: { ca: boolean; pathLength?: number | undefined }): Buffer =>
  serialized(new BasicConstraints({ cA: ca, ...(pathLength !== undefined && { pathLenConstraint: pathLength }) }));

const usage = (bits: CertificateProfile["keyUsage"]): Buffer =>
  madeOnce(`usage ${bits}`, () =>
    serialized(new KeyUsage(bits.reduce<number>((all, bit) => all | KeyUsageFlags[bit], 0))),
  );

const purposes = (wanted: string[]): Buffer =>
  madeOnce(`purposes ${wanted}`, () => serialized(new ExtendedKeyUsage([...new Set(wanted.map(purposeOid))])));

/** @throws Failure INVALID_REQUEST for what is neither a known name nor an OID */
const purposeOid = (purpose: string): string => {
  const known: Record<string, string> = extendedKeyUsageOids;
  return Object.hasOwn(known, purpose) ? (known[purpose] ?? purpose) : checkedOid(purpose, "extended key usage");
};

const checkedOid = (oid: string, what: string): string => {
  try {
    derOid(oid);
    return oid;
  } catch {
    throw unfit(
      `${what} ${oid}`,
      `"${oid}" is no object identifier${what === "extended key usage" ? ", and no purpose that has a name here" : ""}.`,
      "Write it dotted, e.g. 1.3.6.1.5.5.7.3.2.",
    );
  }
};

/** GeneralNames that are text are a tag and the text (RFC 5280 4.2.1.6), which the library takes ten times as long for. */
const textTags: Partial<Record<AlternativeName["type"], number>> = { email: 0x81, dns: 0x82, uri: 0x86 };

const names = (san: AlternativeName[]): Buffer =>
  der(
    tags.sequence,
    ...san.map((name) => {
      const tag = textTags[name.type];
      return tag === undefined ? serialized(generalName(name)) : der(tag, Buffer.from(writtenName(name)));
    }),
  );

const other = ({ oid, critical, value }: CertificateProfile["extensions"][number]): Buffer => {
  const content = Buffer.from(value, "hex");
  if (derWhole(content) === null)
    throw unfit(`extension ${oid}`, "The value is not DER.", "Give the extension's content as DER in hexadecimal.");
  return extension(checkedOid(oid, "extension"), critical, content);
};

/** Key identifier by RFC 5280 4.2.1.2 (1): SHA-1 of the content of the subjectPublicKey. */
export const keyIdentifier = (key: PublicKey): Buffer => createHash("sha1").update(subjectPublicKey(key)).digest();

/** @param identifier as {@link keyIdentifier} makes it */
export const subjectKeyIdentifier = (identifier: Buffer): Buffer =>
  extension(
    extensionOids.subjectKeyIdentifier,
    false,
    serialized(new SubjectKeyIdentifier(new Uint8Array(identifier))),
  );

/** @param identifier the CA certificate's own subjectKeyIdentifier, whatever rule it was made by (RFC 5280 4.2.1.1) */
export const authorityKeyIdentifier = (identifier: Buffer): Buffer =>
  extension(
    extensionOids.authorityKeyIdentifier,
    false,
    serialized(new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(new Uint8Array(identifier)) })),
  );

const uri = (value: string): GeneralName => generalName({ type: "uri", value });

/** Where the CA's certificate and its OCSP responder are (RFC 5280 4.2.2.1). */
export const authorityInfoAccess = (caIssuers: string[], ocsp: string[]): Buffer => {
  const describe = (accessMethod: string) => (value: string) =>
    new AccessDescription({ accessMethod, accessLocation: uri(value) });
  const descriptions = [...ocsp.map(describe("1.3.6.1.5.5.7.48.1")), ...caIssuers.map(describe("1.3.6.1.5.5.7.48.2"))];
  return extension(extensionOids.authorityInfoAccess, false, serialized(new AuthorityInfoAccessSyntax(descriptions)));
};

/** Where the revocation list is, each address a point of its own (RFC 5280 4.2.1.13). */
export const crlDistributionPoints = (addresses: string[]): Buffer => {
  const points = addresses.map(
    (value) => new DistributionPoint({ distributionPoint: new DistributionPointName({ fullName: [uri(value)] }) }),
  );
  return extension(extensionOids.cRLDistributionPoints, false, serialized(new CRLDistributionPoints(points)));
};

/** Number of a revocation list, which only grows (RFC 5280 5.2.3). @param number unsigned, big-endian */
export const crlNumber = (number: Buffer): Buffer => extension(extensionOids.cRLNumber, false, derUnsigned(number));
