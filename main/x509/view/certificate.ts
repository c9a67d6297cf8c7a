import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { algorithmOf, hashOf } from "./algorithm.ts";
import {
  BerError,
  contents,
  type Element,
  inner,
  integerOf,
  is,
  isContext,
  need,
  sequenceOf,
  within,
} from "./asn1/ber.ts";
import { isTime, timeOf, timeWords } from "./asn1/times.ts";
import { colonHex } from "./asn1/value-words.ts";
import { type Extension, extensionsOf, extensionView } from "./extensions/extensions.ts";
import { nameView } from "./names/name.ts";
import { fingerprints, keyFingerprints, publicKeyOf, type ReadKey } from "./public-key.ts";
import { blankItem, Reading } from "./reading.ts";
import { readSigned, signatureView } from "./signed.ts";
import { tlsView } from "./tls/tls.ts";

/** A certificate (RFC 5280 4.1), as far as it can be read. @param now for the days that are left */
export const certificateItem = (bytes: Buffer, where: string, now: Date): ViewedItem => {
  const reading = new Reading(where);
  const signed = readSigned(bytes, reading);
  const fields = certificateFields(signed.fields, signed.body?.stop ?? 0, reading);
  const { version, serial, subject, issuer, validity, key, extensions } = fields;
  const own = key && subject && issuer && subject.der === issuer.der ? { words: "its own key", spki: key.spki } : null;
  const signature = signatureView(signed, own);
  const { notes } = reading;
  notes.push(...oddities(fields, signed.algorithm && hashOf(signed.algorithm)));
  if (signature && fields.inside && fields.inside !== signature.algorithm.oid)
    notes.push("The algorithm named inside differs from that of the signature: the certificate is not valid.");
  return {
    ...blankItem("certificate", "Certificate", reading),
    title: subject ? shortName(subject) : "Certificate",
    der: signed.der.toString("base64"),
    pemLabel: "CERTIFICATE",
    version: version === null ? null : `${version}`,
    subject,
    issuer,
    serial: serial && reading.try(() => serialView(serial)),
    validity: validity && validityView(validity, now),
    signature,
    publicKey: key?.view ?? null,
    fingerprints: [...fingerprints(signed.der), ...((key && reading.try(() => keyFingerprints(key))) ?? [])],
    extensions: extensions.map(extensionView),
    tls: key && tlsView(key, signed.algorithm, extensions, own !== null),
  };
};

interface CertificateFields {
  version: number | null;
  serial: Element | null;
  issuer: ViewedItem["subject"];
  subject: ViewedItem["subject"];
  validity: { notBefore: Date; notAfter: Date } | null;
  key: ReadKey | null;
  extensions: Extension[];
  /** OID of the signature's algorithm as the signed part says it. */
  inside: string | null;
}

/** TBSCertificate. @param end byte where a missing field is missed */
const certificateFields = (all: Element[], end: number, reading: Reading): CertificateFields => {
  const [first] = all;
  const explicit = isContext(first, 0) ? first : null;
  const [serial, algorithm, issuer, validity, subject, key, ...rest] = explicit ? all.slice(1) : all;
  const list = rest.find((one) => isContext(one, 3));
  return {
    version: explicit ? reading.try(() => Number(integerOf(within(explicit, "the version"))) + 1) : first ? 1 : null,
    serial: reading.field(serial, "The serial number", end, (one) => need(one, "integer", "The serial number", end)),
    inside: reading.field(
      algorithm,
      "The signature's algorithm",
      end,
      (one) => algorithmOf(one, "The signature's algorithm", end).oid,
    ),
    issuer: reading.field(issuer, "The issuer", end, nameView),
    validity: reading.field(validity, "The validity", end, (one) => {
      const [from, to] = sequenceOf(one, "The validity", one.offset);
      if (!from || !to) throw new BerError(`A date is missing at byte ${one.stop}`, one.stop);
      return { notBefore: timeOf(from), notAfter: timeOf(to) };
    }),
    subject: reading.field(subject, "The subject", end, nameView),
    key: reading.field(key, "The public key", end, publicKeyOf),
    extensions: list ? (reading.try(() => extensionsOf(within(list, "the extensions"))) ?? []) : [],
  };
};

const day = 86_400_000;

const validityView = (
  { notBefore, notAfter }: { notBefore: Date; notAfter: Date },
  now: Date,
): ViewedItem["validity"] => ({
  notBefore: timeWords(notBefore),
  notAfter: timeWords(notAfter),
  state: now < notBefore ? "not yet" : now > notAfter ? "expired" : "valid",
  daysLeft: Math.floor((notAfter.getTime() - now.getTime()) / day),
  days: Math.floor((notAfter.getTime() - notBefore.getTime()) / day),
});

/** As OpenSSL prints it: the number, with a sign. */
export const serialView = (element: Element): NonNullable<ViewedItem["serial"]> => {
  const value = integerOf(element);
  const bytes = contents(element);
  const digits = (value < 0n ? -value : value).toString(16).toUpperCase();
  const plain = digits.length % 2 ? `0${digits}` : digits;
  const magnitude = Buffer.from(plain, "hex");
  // A number of 10 MB takes minutes to be written in decimal digits.
  const decimal = bytes.length <= 64 ? String(value) : `a number of ${bytes.length} bytes`;
  return { hex: `${value < 0n ? "-" : ""}${colonHex(magnitude.subarray(0, 64))}`, decimal };
};

/** What is unusual or wrong, though readable. */
const oddities = (
  { version, serial, validity, key, extensions, subject }: CertificateFields,
  hash: string | null,
): string[] => {
  const notes: string[] = [];
  const bytes = serial ? contents(serial) : Buffer.alloc(0);
  if (serial && (bytes[0] ?? 0) & 0x80) notes.push("The serial number is negative (RFC 5280 4.1.2.2 forbids it).");
  if (bytes.length > 20) notes.push(`The serial number has ${bytes.length} bytes; 20 are allowed (RFC 5280 4.1.2.2).`);
  if (version === 1 && extensions.length === 0)
    notes.push("Version 1, without extensions: it does not say what the key is for, nor whether it is a CA's.");
  if (version !== null && version < 3 && extensions.length > 0)
    notes.push(`It has extensions, but says to be of version ${version}; they belong to version 3.`);
  if (validity && validity.notBefore > validity.notAfter) notes.push("It ends before it begins.");
  if (hash === "sha1" || hash === "md5")
    notes.push(`Signed with ${hash.toUpperCase()}, which current programs refuse.`);
  if ((key?.kind === "RSA" || key?.kind === "RSA-PSS") && (key.bits ?? 2048) < 2048)
    notes.push(`An RSA key of ${key.bits} bits, which current programs refuse.`);
  if (subject && subject.parts.length === 0 && !extensions.some(({ oid }) => oid === "2.5.29.17"))
    notes.push("It names nobody: no subject and no alternative name.");
  const seen = new Set<string>();
  for (const { oid } of extensions) {
    if (seen.has(oid)) notes.push(`The extension ${oid} is there more than once (RFC 5280 4.2 forbids it).`);
    seen.add(oid);
  }
  return notes;
};

/** The common name, or the whole name. */
export const shortName = (name: NonNullable<ViewedItem["subject"]>): string => {
  const common = name.parts.flat().findLast(({ oid }) => oid === "2.5.4.3");
  return common?.value || name.text;
};

/** Whether the elements are those of a TBSCertificate. @param fields the first ones */
export const looksLikeCertificate = (fields: Element[]): boolean => {
  if (isContext(fields[0], 0)) return is(fields[1], "integer") || fields.length === 1;
  const [serial, algorithm, issuer, validity] = fields;
  return (
    is(serial, "integer") &&
    is(algorithm, "sequence") &&
    is(issuer, "sequence") &&
    is(validity, "sequence") &&
    isTime(firstOf(validity))
  );
};

const firstOf = (element: Element): Element | undefined => {
  try {
    return inner(element)[0];
  } catch {
    return undefined;
  }
};
