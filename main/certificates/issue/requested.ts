import { AsnConvert } from "@peculiar/asn1-schema";
import {
  BasicConstraints,
  ExtendedKeyUsage,
  type GeneralName,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
} from "@peculiar/asn1-x509";
import type { RequestedExtension } from "../../../preload/contract/certificate-issuing.ts";
import { extendedKeyUsageOids, keyUsages } from "../../../preload/contract/certificate-names.ts";
import type { AlternativeName, CertificateProfile } from "../../../preload/contract/certificate-profile.ts";
import { children, expectTag, isTrue, octets, oidOf, readAll, sequence, tags } from "../../keys/ber.ts";
import { extensionOids } from "../../x509/extension-oids.ts";
import { upnOid } from "../../x509/general-names.ts";

/** An Extension of a request. */
export interface Asked {
  oid: string;
  critical: boolean;
  value: Buffer;
}

/** @param list DER of Extensions. @throws DerError */
export const askedExtensions = (list: Buffer): Asked[] =>
  sequence(readAll(list), "Extensions").map((extension) => {
    const parts = sequence(extension, "an extension");
    const critical = parts.length > 2 && isTrue(parts[1]);
    return {
      oid: oidOf(parts[0], "an extension's name"),
      critical,
      value: octets(expectTag(parts.at(-1), tags.octetString, "an extension's value")),
    };
  });

type Taken = Partial<Omit<CertificateProfile, "subject" | "critical">>;

interface Reading {
  name: string;
  part: NonNullable<RequestedExtension["part"]>;
  read(value: Buffer): { taken: Taken; words: string } | null;
}

const readings: Record<string, Reading> = {
  [extensionOids.subjectAltName]: {
    name: "Alternative names",
    part: "san",
    read: (value) => {
      const names = AsnConvert.parse(value, SubjectAlternativeName).map(nameOf);
      const san = names.filter((name) => name !== null);
      // One that is not known cannot be written anew: then the whole extension is taken over as it is.
      if (san.length < names.length) return null;
      return { taken: { san }, words: san.map(({ type, value: text }) => `${type} ${text}`).join(", ") };
    },
  },
  [extensionOids.keyUsage]: {
    name: "Key usage",
    part: "keyUsage",
    read: (value) => {
      const flags = AsnConvert.parse(value, KeyUsage).toNumber();
      const keyUsage = keyUsages.filter((name) => (flags & KeyUsageFlags[name]) !== 0);
      return { taken: { keyUsage }, words: keyUsage.join(", ") };
    },
  },
  [extensionOids.extendedKeyUsage]: {
    name: "Extended key usage",
    part: "extendedKeyUsage",
    read: (value) => {
      const extendedKeyUsage = [...AsnConvert.parse(value, ExtendedKeyUsage)].map(purposeName);
      return { taken: { extendedKeyUsage }, words: extendedKeyUsage.join(", ") };
    },
  },
  [extensionOids.basicConstraints]: {
    name: "Basic constraints",
    part: "basicConstraints",
    read: (value) => {
      const { cA: ca, pathLenConstraint: pathLength } = AsnConvert.parse(value, BasicConstraints);
      const words = ca ? `a CA${pathLength === undefined ? "" : `, path length ${pathLength}`}` : "no CA";
      return { taken: { basicConstraints: { ca, ...(pathLength === undefined ? {} : { pathLength }) } }, words };
    },
  },
};

const purposeName = (oid: string): string =>
  Object.entries(extendedKeyUsageOids).find(([, known]) => known === oid)?.[0] ?? oid;

const nameOf = ({
  dNSName,
  iPAddress,
  rfc822Name,
  uniformResourceIdentifier,
  otherName,
}: GeneralName): AlternativeName | null => {
  if (dNSName !== undefined) return { type: "dns", value: dNSName };
  if (iPAddress !== undefined) return { type: "ip", value: iPAddress };
  if (rfc822Name !== undefined) return { type: "email", value: rfc822Name };
  if (uniformResourceIdentifier !== undefined) return { type: "uri", value: uniformResourceIdentifier };
  if (otherName?.typeId !== upnOid) return null;
  return { type: "upn", value: readAll(Buffer.from(otherName.value)).content.toString("utf8") };
};

/** What the CA says itself, whatever the request asks for. */
const ofTheAuthority: Record<string, { name: string; why: string }> = {
  [extensionOids.subjectKeyIdentifier]: { name: "Subject key identifier", why: "The CA makes it of the key." },
  [extensionOids.authorityKeyIdentifier]: { name: "Authority key identifier", why: "The CA makes it of its own key." },
  [extensionOids.cRLDistributionPoints]: { name: "CRL distribution points", why: "The CA says where its list is." },
  [extensionOids.authorityInfoAccess]: { name: "Authority information access", why: "The CA says where it is." },
};

/** What a request asks for: in words, and as the parts of a profile that take it over. @throws DerError */
export const requestedOf = (
  asked: Asked[],
): { extensions: RequestedExtension[]; taken: Taken; critical: CertificateProfile["critical"] } => {
  const taken: Taken = { extensions: [] };
  const critical: CertificateProfile["critical"] = [];
  const extensions = asked.map((one): RequestedExtension => {
    const { oid } = one;
    const own = ofTheAuthority[oid];
    if (own)
      return {
        oid,
        name: own.name,
        critical: one.critical,
        words: `${one.value.length} bytes`,
        part: null,
        notTaken: own.why,
      };
    const reading = readings[oid];
    const read = reading && tried(() => reading.read(one.value));
    if (reading && read) {
      Object.assign(taken, read.taken);
      if (one.critical) critical.push(reading.part === "san" ? "subjectAltName" : (reading.part as "keyUsage"));
      return { oid, name: reading.name, critical: one.critical, words: read.words, part: reading.part, notTaken: null };
    }
    taken.extensions?.push({ oid, critical: one.critical, value: one.value.toString("hex") });
    return {
      oid,
      name: reading?.name ?? `Extension ${oid}`,
      critical: one.critical,
      words: one.value.length > 24 ? `${one.value.length} bytes` : one.value.toString("hex"),
      part: "extensions",
      notTaken: null,
    };
  });
  return { extensions, taken, critical };
};

const tried = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch {
    return null;
  }
};

/** The Extensions in the attributes of a request (RFC 2985 5.4.2), of whichever of them. @param attributes content of [0] */
export const extensionLists = (attributes: Parameters<typeof children>[0]): Buffer[] =>
  children(attributes).flatMap((attribute) => {
    const [type, values] = sequence(attribute, "an attribute");
    if (oidOf(type, "an attribute's type") !== "1.2.840.113549.1.9.14") return [];
    return children(expectTag(values, tags.set, "an attribute's values")).map(({ raw }) => raw);
  });
