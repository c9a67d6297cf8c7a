import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { type Element, inner, integerOf, is, isContext, leaves, need } from "./asn1/ber.ts";
import { oidName, oidOf } from "./asn1/oids.ts";
import { textOf, visible } from "./asn1/strings.ts";
import { valueWords } from "./asn1/value-words.ts";
import { shortName } from "./certificate.ts";
import { type Extension, extensionsOf, extensionView } from "./extensions/extensions.ts";
import { nameView } from "./names/name.ts";
import { fingerprints, keyFingerprints, publicKeyOf } from "./public-key.ts";
import { blankItem, Reading } from "./reading.ts";
import { readSigned, signatureView } from "./signed.ts";
import { tlsView } from "./tls/tls.ts";

/** A certificate request (PKCS#10, RFC 2986), as far as it can be read. */
export const requestItem = (bytes: Buffer, where: string): ViewedItem => {
  const reading = new Reading(where);
  const signed = readSigned(bytes, reading);
  const end = signed.body?.stop ?? 0;
  const [version, name, info, ...rest] = signed.fields;
  const number = reading.field(
    version,
    "The version",
    end,
    (one) => Number(integerOf(need(one, "integer", "The version", end))) + 1,
  );
  const subject = reading.field(name, "The subject", end, nameView);
  const key = reading.field(info, "The public key", end, publicKeyOf);
  const list = rest.find((one) => isContext(one, 0));
  const attributes = list ? (reading.try(() => inner(list).map(attributeOf)) ?? []) : [];
  const extensions = attributes.flatMap((one) => reading.try(() => requestedExtensions(one)) ?? []);
  return {
    ...blankItem("request", "Certificate request", reading),
    title: subject ? shortName(subject) : "Certificate request",
    der: signed.der.toString("base64"),
    pemLabel: "CERTIFICATE REQUEST",
    version: number === null ? null : String(number),
    subject,
    signature: signatureView(signed, key && { words: "its own key", spki: key.spki }),
    publicKey: key?.view ?? null,
    fingerprints: [...fingerprints(signed.der), ...((key && reading.try(() => keyFingerprints(key))) ?? [])],
    extensions: extensions.map(extensionView),
    attributes: attributes
      .filter(({ oid }) => !requests.has(oid))
      .flatMap((one) => reading.try(() => attributeView(one)) ?? []),
    tls: key && tlsView(key, null, extensions, false),
  };
};

interface Attribute {
  oid: string;
  values: Element[];
}

const attributeOf = (element: Element): Attribute => {
  const [type, values] = inner(element);
  const oid = oidOf(need(type, "oid", "An attribute's type", element.start));
  return { oid, values: inner(need(values, "set", "An attribute's values", element.stop)) };
};

/** extensionRequest (RFC 2985 5.4.2), and Microsoft's from before it. */
const requests = new Set(["1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"]);

const requestedExtensions = ({ oid, values }: Attribute): Extension[] =>
  requests.has(oid) ? values.flatMap(extensionsOf) : [];

const attributeView = ({ oid, values }: Attribute): ViewedItem["attributes"][number] => ({
  oid,
  name: oidName(oid),
  lines: values.flatMap((value) => {
    // A password, though the request shows it to whoever has it: not on the screen.
    if (oid === "1.2.840.113549.1.9.7") return [`not shown (${textOf(value)?.length ?? 0} characters)`];
    return leaves(value).map(leafWords);
  }),
});

/** A value in a line: texts as they are. */
const leafWords = (element: Element): string => {
  const text = is(element, "octetString") ? null : textOf(element);
  return text === null ? valueWords(element) : visible(text);
};
