import type { ExtensionView } from "../../../../preload/contract/x509.ts";
import { BerError, contents, type Element, elementAt, inner, is, need, octetsOf, sequenceOf } from "../asn1/ber.ts";
import { oidName, oidOf } from "../asn1/oids.ts";
import { valueWords } from "../asn1/value-words.ts";
import { constraintDecoders } from "./constraints.ts";
import type { Decoder } from "./decoder.ts";
import { keyDecoders } from "./keys.ts";
import { nameDecoders } from "./names.ts";
import { placeDecoders } from "./places.ts";
import { policyDecoders } from "./policies.ts";
import { revocationDecoders } from "./revocation.ts";
import { otherDecoders } from "./tls-and-vendors.ts";

const decoders: Record<string, Decoder> = {
  ...constraintDecoders,
  ...keyDecoders,
  ...nameDecoders,
  ...placeDecoders,
  ...policyDecoders,
  ...revocationDecoders,
  ...otherDecoders,
};

/** Bytes of an extension that cross the bridge. */
const shownBytes = 4096;

/** Lines of one extension that cross the bridge; a certificate may name thousands of hosts. */
const shownLines = 1000;

/** An extension, read. */
export interface Extension {
  oid: string;
  critical: boolean;
  /** OCTET STRING extnValue. */
  value: Element;
}

/** Extension (RFC 5280 4.1). @throws BerError */
export const extensionOf = (element: Element): Extension => {
  const [id, second, third] = sequenceOf(element, "An extension", element.offset);
  const oid = oidOf(need(id, "oid", "An extension's identifier", element.start));
  const flag = is(second, "boolean") ? second : null;
  const value = need(flag ? third : second, "octetString", "An extension's value", element.stop);
  return { oid, critical: flag !== null && contents(flag)[0] !== 0, value };
};

/** Element in extnValue. @throws BerError */
export const extensionContent = ({ value }: Extension): Element => elementAt(value.source, value.start, value.stop);

/** An extension in words; a fault in it is told with its byte, and the bytes are there. */
export const extensionView = (extension: Extension): ExtensionView => {
  const { oid, critical } = extension;
  const bytes = joined(extension.value);
  const common = {
    oid,
    name: oidName(oid),
    critical,
    hex: bytes.subarray(0, shownBytes).toString("hex"),
    size: bytes.length,
  };
  try {
    const lines = linesOf(extension);
    const shown = lines.slice(0, shownLines);
    if (lines.length > shownLines) shown.push(`${lines.length - shownLines} further lines are not shown`);
    return { ...common, lines: shown, problem: null };
  } catch (thrown) {
    if (!(thrown instanceof BerError)) throw thrown;
    return { ...common, lines: [], problem: thrown.message };
  }
};

/** Octets of extnValue, also where BER has split it into parts; as they stand if those are broken. */
const joined = (value: Element): Buffer => {
  try {
    return octetsOf(value);
  } catch {
    return contents(value);
  }
};

const linesOf = (extension: Extension): string[] => {
  const decode = Object.hasOwn(decoders, extension.oid) ? decoders[extension.oid] : undefined;
  if (decode) return decode(extensionContent(extension));
  // An unknown one may still be a single value that can be read.
  const { value } = extension;
  try {
    const content = extensionContent(extension);
    return content.end === value.stop && content.tagClass === "universal" && !content.constructed
      ? [valueWords(content)]
      : [];
  } catch {
    return [];
  }
};

/** Extensions (a SEQUENCE). @throws BerError */
export const extensionsOf = (element: Element): Extension[] =>
  inner(need(element, "sequence", "A list of extensions", element.offset)).map(extensionOf);
