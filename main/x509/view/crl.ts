import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { anyInner, type Element, inner, integerOf, is, isContext, need, within } from "./asn1/ber.ts";
import { isTime, timeOf, timeWords } from "./asn1/times.ts";
import { serialView, shortName } from "./certificate.ts";
import { extensionsOf, extensionView } from "./extensions/extensions.ts";
import { reasons } from "./extensions/revocation.ts";
import { nameView } from "./names/name.ts";
import { fingerprints } from "./public-key.ts";
import { blankItem, Reading } from "./reading.ts";
import { readSigned, signatureView } from "./signed.ts";

type CrlView = NonNullable<ViewedItem["crl"]>;

/** Entries that cross the bridge. */
const shownEntries = 1000;

/** A revocation list (RFC 5280 5.1), as far as it can be read. */
export const crlItem = (bytes: Buffer, where: string): ViewedItem => {
  const reading = new Reading(where);
  const signed = readSigned(bytes, reading);
  const fields = signed.fields;
  const end = signed.body?.stop ?? 0;
  const stated = is(fields[0], "integer") ? fields[0] : null;
  const version = stated ? reading.try(() => Number(integerOf(stated)) + 1) : 1;
  const [, name, ...rest] = stated ? fields.slice(1) : fields;
  const issuer = reading.field(name, "The issuer", end, nameView);
  const times = rest.filter(isTime);
  const list = rest.find((one) => is(one, "sequence"));
  const extensions = rest.find((one) => isContext(one, 0));
  return {
    ...blankItem("crl", "Revocation list", reading),
    title: issuer ? `Revocation list of ${shortName(issuer)}` : "Revocation list",
    der: signed.der.toString("base64"),
    pemLabel: "X509 CRL",
    version: version === null ? null : String(version),
    issuer,
    signature: signatureView(signed, null),
    fingerprints: fingerprints(signed.der),
    extensions: extensions
      ? (reading.try(() => extensionsOf(within(extensions, "the extensions"))) ?? []).map(extensionView)
      : [],
    crl: {
      thisUpdate: momentOf(times[0], reading),
      nextUpdate: momentOf(times[1], reading),
      ...entriesOf(list, reading),
    },
  };
};

const momentOf = (element: Element | undefined, reading: Reading): string | null =>
  element ? reading.try(() => timeWords(timeOf(element))) : null;

const noReason = "no reason given";

const entriesOf = (list: Element | undefined, reading: Reading): Pick<CrlView, "count" | "entries" | "reasons"> => {
  if (!list) return { count: 0, entries: [], reasons: [] };
  const { elements, fault } = anyInner(list);
  if (fault) reading.fault(fault);
  const counts = new Map<string, number>();
  const entries: CrlView["entries"] = [];
  const count = (reason: string | null) => counts.set(reason ?? noReason, (counts.get(reason ?? noReason) ?? 0) + 1);
  for (const element of elements.slice(0, shownEntries)) {
    const entry = reading.try(() => entryOf(element));
    if (!entry) continue;
    count(entry.reason);
    entries.push(entry);
  }
  for (const element of elements.slice(shownEntries)) count(reasonIn(element));
  const sums = [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  return { count: elements.length, entries, reasons: sums };
};

/** id-ce-cRLReasons, and after it the octets of extnValue with an ENUMERATED, if the extension is not critical. */
const reasonStart = Buffer.from("0603551d1504030a01", "hex");

/** The reason alone: the largest lists have hundreds of thousands of entries, and only their reasons are counted. */
const reasonIn = ({ source, offset, end }: Element): string | null => {
  const entry = source.subarray(offset, end);
  const at = entry.indexOf(reasonStart);
  const code = at < 0 ? undefined : entry[at + reasonStart.length];
  return code === undefined ? null : (reasons[code] ?? `reason ${code}`);
};

const entryOf = (element: Element): CrlView["entries"][number] => {
  const [serial, date, extensions] = inner(element);
  const read = extensions ? extensionsOf(extensions).map(extensionView) : [];
  const number = serialView(need(serial, "integer", "A serial number", element.start));
  return {
    serial: number.hex,
    date: date ? timeWords(timeOf(date)) : null,
    reason: read.find(({ oid }) => oid === "2.5.29.21")?.lines[0] ?? null,
    lines: read
      .filter(({ oid }) => oid !== "2.5.29.21")
      .map(({ name, oid, lines, problem }) => `${name ?? oid}: ${problem ?? lines.join(", ")}`),
  };
};
