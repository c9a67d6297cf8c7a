import { BerError, contents, inner, integerOf, is, isContext, need, octetsOf, sequenceOf } from "../asn1/ber.ts";
import { oidOf, oidWords } from "../asn1/oids.ts";
import { textOf, visible } from "../asn1/strings.ts";
import { timeWords } from "../asn1/times.ts";
import { valueWords } from "../asn1/value-words.ts";
import type { Decoder } from "./decoder.ts";

/** TLS extensions that a certificate may ask for (RFC 7633). */
const tlsFeatures: Record<number, string> = { 5: "status_request (OCSP must-staple)", 17: "status_request_v2" };

const tlsFeature: Decoder = (value) =>
  sequenceOf(value, "A list of TLS extensions", value.offset).map((one) => {
    const code = Number(integerOf(one));
    return tlsFeatures[code] ?? `TLS extension ${code}`;
  });

/** SignedCertificateTimestampList (RFC 6962 3.3): a TLS vector in an OCTET STRING. */
const timestamps: Decoder = (value) => {
  const bytes = octetsOf(need(value, "octetString", "A list of timestamps", value.offset));
  const bad = () => new BerError(`The list of timestamps at byte ${value.start} is cut off`, value.start);
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== bytes.length - 2) throw bad();
  const lines: string[] = [];
  for (let at = 2; at < bytes.length; ) {
    if (at + 2 > bytes.length) throw bad();
    const end = at + 2 + bytes.readUInt16BE(at);
    const one = bytes.subarray(at + 2, end);
    if (end > bytes.length || one.length < 43) throw bad();
    // The milliseconds since 1970 in eight bytes; what no date can hold is shown as the number.
    const time = one.readBigUInt64BE(33);
    const date = time < 8_640_000_000_000_000n ? timeWords(new Date(Number(time))) : `${time} ms`;
    lines.push(`Log ${one.subarray(1, 33).toString("base64")}, ${date}`);
    at = end;
  }
  return [`${lines.length} ${lines.length === 1 ? "timestamp" : "timestamps"}`, ...lines];
};

/** certificateTemplate (MS-WCCE 2.2.2.7.7.2): the template's OID and version. */
const certificateTemplate: Decoder = (value) => {
  const [id, major, minor] = sequenceOf(value, "certificateTemplate", value.offset);
  const oid = oidWords(oidOf(need(id, "oid", "The template's identifier", value.start)));
  const version = [major, minor].flatMap((one) => (is(one, "integer") ? [String(integerOf(one))] : []));
  return [`Template ${oid}`, ...(version.length > 0 ? [`Version ${version.join(".")}`] : [])];
};

/** caVersion: number of the CA's certificate, and of its key. */
const caVersion: Decoder = (value) => {
  const number = Number(integerOf(need(value, "integer", "A version", value.offset)));
  return [`Certificate ${number & 0xffff}, key ${number >>> 16}`];
};

/** ntdsCaSecurity (MS-WCCE 2.2.2.7.7.4): the account's SID, in an otherName. */
const ntdsCaSecurity: Decoder = (value) =>
  inner(value).map((one) => {
    const [, content] = isContext(one, 0) ? inner(one) : [];
    const text = content ? inner(content)[0] : undefined;
    return text ? `SID ${visible(contents(text).toString("latin1"))}` : valueWords(one);
  });

/** What the attribute that makes a PKCS#12 entry a trusted one for Java holds. */
const oracleTrust: Decoder = (value) => [
  is(value, "oid") ? oidWords(oidOf(value)) : (textOf(value) ?? valueWords(value)),
];

export const otherDecoders: Record<string, Decoder> = {
  "1.3.6.1.5.5.7.1.24": tlsFeature,
  "1.3.6.1.4.1.11129.2.4.2": timestamps,
  "1.3.6.1.4.1.311.21.7": certificateTemplate,
  "1.3.6.1.4.1.311.21.1": caVersion,
  "1.3.6.1.4.1.311.25.2": ntdsCaSecurity,
  "2.16.840.1.113894.746875.1.1": oracleTrust,
  "1.2.840.113533.7.65.0": (value) => inner(value).map(valueWords),
  "2.5.29.9": (value) =>
    inner(value).map((attribute) => {
      const [type, values] = inner(attribute);
      return `${oidWords(oidOf(need(type, "oid", "A type", attribute.start)))}: ${values ? inner(values).map(valueWords).join(", ") : ""}`;
    }),
  // Attestations of YubiKeys (PIV).
  "1.3.6.1.4.1.41482.3.7": (value) => [`Serial number ${integerOf(value)}`],
};
