import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { anyElement, anyInner, type Element, inner, is, isContext, octetsOf, sequenceOf, whole } from "./asn1/ber.ts";
import { oidName, oidOf, oidWords } from "./asn1/oids.ts";
import { valueWords } from "./asn1/value-words.ts";
import { certificateItem } from "./certificate.ts";
import { crlItem } from "./crl.ts";
import { nameOf, nameText } from "./names/name.ts";
import { fingerprints } from "./public-key.ts";
import { blankItem, Reading } from "./reading.ts";

/** PKCS#7 or CMS (RFC 5652): the container, then the certificates and lists in it. */
export const pkcs7Items = (bytes: Buffer, where: string, now: Date): ViewedItem[] => {
  const reading = new Reading(where);
  const { element: root, fault } = anyElement(bytes, 0);
  if (fault) reading.fault(fault);
  const [type, content] = root ? anyInner(root).elements : [];
  const oid = is(type, "oid") ? (reading.try(() => oidOf(type)) ?? "") : "";
  const container: ViewedItem = {
    ...blankItem("pkcs7", "PKCS#7", reading),
    title: `PKCS#7 ${oidName(oid) ?? oid}`,
    der: bytes.toString("base64"),
    pemLabel: "PKCS7",
    fingerprints: fingerprints(bytes),
  };
  if (oid !== "1.2.840.113549.1.7.2" || !content) {
    reading.notes.push("Only signed data holds certificates.");
    return [container];
  }
  const parts = signedParts(content);
  const certificates = choices(parts.find((one) => isContext(one, 0)));
  const lists = choices(parts.find((one) => isContext(one, 1)));
  const signers = parts.findLast((one) => is(one, "set"));
  container.attributes = signers && parts.indexOf(signers) > 0 ? signersOf(signers, reading) : [];
  reading.notes.push(
    `${certificates.length} certificates, ${lists.length} revocation lists${container.attributes.length > 0 ? "" : ", no signature"}.`,
  );
  return [
    container,
    ...certificates.map((one, at) => certificateItem(whole(one), `${where}, certificate ${at + 1}`, now)),
    ...lists.map((one, at) => crlItem(whole(one), `${where}, revocation list ${at + 1}`)),
  ];
};

/** Elements of the SignedData in [0]. */
const signedParts = (content: Element): Element[] => {
  const { element } = anyElement(content.source, content.start, content.stop);
  return element ? anyInner(element).elements : [];
};

/** Only what is a SEQUENCE: attribute certificates and other kinds have tags of their own. */
const choices = (set: Element | undefined): Element[] =>
  set ? anyInner(set).elements.filter((one) => is(one, "sequence")) : [];

/** SignerInfos, each with its signer, algorithms and signed attributes. */
const signersOf = (set: Element, reading: Reading): ViewedItem["attributes"] =>
  anyInner(set).elements.flatMap((signer, at) => {
    const found = reading.try(() => {
      const [, id, digest, ...rest] = inner(signer);
      const signed = rest.find((one) => isContext(one, 0));
      const algorithm = rest.find((one) => is(one, "sequence"));
      return [
        `Signer ${id ? signerWords(id) : "not named"}`,
        ...(digest ? [`Digest ${firstOid(digest)}`] : []),
        ...(algorithm ? [`Signature ${firstOid(algorithm)}`] : []),
        ...(signed ? inner(signed).map(attributeWords) : []),
      ];
    });
    return found ? [{ oid: String(at + 1), name: `signer ${at + 1}`, lines: found }] : [];
  });

const signerWords = (id: Element): string => {
  if (isContext(id, 0)) return `with the key identifier ${octetsOf(id).toString("hex")}`;
  const [issuer, serial] = inner(id);
  return `${issuer ? nameText(nameOf(issuer)) : ""}, serial number ${serial ? valueWords(serial) : ""}`;
};

const firstOid = (algorithm: Element): string => {
  const [id] = sequenceOf(algorithm, "An algorithm", algorithm.offset);
  return id ? oidWords(oidOf(id)) : "";
};

const attributeWords = (attribute: Element): string => {
  const [type, values] = inner(attribute);
  const words = values ? inner(values).map((one) => (one.constructed ? "…" : valueWords(one))) : [];
  return `${type ? oidWords(oidOf(type)) : ""}: ${words.join(", ")}`;
};
