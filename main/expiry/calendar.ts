import { createHash } from "node:crypto";
import type { ExpiryEntry, ExpiryPlace } from "../../preload/contract/expiry.ts";

/**
 * The ends of certificates as a calendar (RFC 5545). The UID of an event is made of issuer and serial number, so a later
 * export takes the place of the earlier event in the calendar that it is read into.
 * @param entries those without a readable end are left out
 * @param warningDays an alarm for each
 */
export const calendarOf = (entries: readonly ExpiryEntry[], now: Date, warningDays: readonly number[]): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Tokenglass//Certificates//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    ...entries.flatMap((entry) => (entry.notAfter === null ? [] : eventOf(entry, entry.notAfter, now, warningDays))),
    "END:VCALENDAR",
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join("");

const eventOf = (entry: ExpiryEntry, notAfter: string, now: Date, warningDays: readonly number[]): string[] => {
  const name = entry.subject || `serial number ${entry.serialNumber}`;
  const summary = text(`Certificate expires: ${name}`);
  const description = [
    `Subject: ${entry.subject || "none"}`,
    `Issuer: ${entry.issuer || "none"}`,
    `Serial number: ${entry.serialNumber}`,
    ...entry.places.map((place) => `Where: ${placeWords(place)}`),
  ].join("\n");
  return [
    "BEGIN:VEVENT",
    `UID:${uidOf(entry)}`,
    `DTSTAMP:${time(now)}`,
    `DTSTART:${time(new Date(notAfter))}`,
    `SUMMARY:${summary}`,
    `DESCRIPTION:${text(description)}`,
    "CATEGORIES:Certificates",
    "TRANSP:TRANSPARENT",
    ...[...new Set(warningDays)]
      .sort((a, b) => b - a)
      .flatMap((days) => [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        `DESCRIPTION:${text(`In ${days} ${days === 1 ? "day" : "days"}: certificate expires: ${name}`)}`,
        `TRIGGER:-P${days}D`,
        "END:VALARM",
      ]),
    "END:VEVENT",
  ];
};

const uidOf = ({ issuer, serialNumber }: ExpiryEntry): string =>
  `${createHash("sha256")
    .update(JSON.stringify([issuer, serialNumber]))
    .digest("hex")
    .slice(0, 40)}@tokenglass`;

export const placeWords = (place: ExpiryPlace): string =>
  place.kind === "file"
    ? place.path
    : `token ${place.token.label || place.token.serial}, ${place.object.label || "no label"}`;

/** DATE-TIME in UTC (RFC 5545 3.3.5). */
const time = (date: Date): string => `${date.toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "")}`;

/** TEXT (RFC 5545 3.3.11); control characters have no place in it. */
const text = (value: string): string =>
  value
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n|\r|\n/g, "\\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, " ");

const lineOctets = 75;

/** Content lines have at most 75 octets, no character cut in two (RFC 5545 3.1). */
const folded = (line: string): string => {
  const lines: string[] = [];
  let current = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > lineOctets) {
      lines.push(current);
      // The blank that begins a further line counts.
      current = " ";
      octets = 1;
    }
    current += character;
    octets += size;
  }
  return [...lines, current].join("\r\n");
};
