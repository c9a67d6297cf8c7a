import { expect, test } from "vitest";
import type { ExpiryEntry } from "../../preload/contract/expiry.ts";
import { calendarOf } from "./calendar.ts";

const now = new Date("2026-03-01T10:20:30.456Z");
const entry = (more: Partial<ExpiryEntry> = {}): ExpiryEntry => ({
  subject: "CN=www.example.com,O=Müller & Söhne\\, Schließfach; Zürich 日本語のとても長い名前を持つ組織 ".repeat(3),
  issuer: "CN=Test CA",
  serialNumber: "0a0b",
  notBefore: "2025-01-01T00:00:00.000Z",
  notAfter: "2026-06-30T23:59:59.000Z",
  daysLeft: 121,
  severity: "valid",
  places: [{ kind: "file", path: "/certs/a;b,c\\d.pem" }],
  ...more,
});

/** Content lines with folding undone (RFC 5545 3.1). */
const unfolded = (calendar: string): string[] => calendar.replaceAll("\r\n ", "").split("\r\n").slice(0, -1);

test("lines end with CRLF, have at most 75 octets, and no character is cut in two", () => {
  const calendar = calendarOf([entry()], now, [30]);
  expect(calendar.endsWith("\r\n")).toBe(true);
  expect(calendar.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  const lines = calendar.split("\r\n");
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  expect(lines.some((line) => Buffer.byteLength(line) > 70)).toBe(true);
  for (const line of lines) expect(Buffer.from(line).toString("utf8")).toBe(line);
  expect(unfolded(calendar).join("\n")).not.toContain("\ufffd");
});

test("text is escaped, and comes back whole", () => {
  const lines = unfolded(calendarOf([entry()], now, [30]));
  const description = lines.find((line) => line.startsWith("DESCRIPTION:Subject"))?.slice("DESCRIPTION:".length) ?? "";
  const read = description.replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped));
  expect(read).toBe(`Subject: ${entry().subject}\nIssuer: CN=Test CA\nSerial number: 0a0b\nWhere: /certs/a;b,c\\d.pem`);
});

test("the event is at the end of the certificate, with an alarm for each of the warning days", () => {
  const lines = unfolded(calendarOf([entry()], now, [7, 30, 7]));
  expect(lines).toContain("DTSTAMP:20260301T102030Z");
  expect(lines).toContain("DTSTART:20260630T235959Z");
  expect(lines.filter((line) => line.startsWith("TRIGGER"))).toEqual(["TRIGGER:-P30D", "TRIGGER:-P7D"]);
  expect(lines.filter((line) => line === "BEGIN:VALARM" || line === "END:VALARM")).toHaveLength(4);
  expect([lines[0], lines.at(-1)]).toEqual(["BEGIN:VCALENDAR", "END:VCALENDAR"]);
});

test("the same certificate has the same UID in every export, another one another", () => {
  const uid = (one: ExpiryEntry, at: Date) =>
    unfolded(calendarOf([one], at, [1])).find((line) => line.startsWith("UID:"));
  expect(uid(entry(), now)).toBe(uid(entry({ places: [{ kind: "file", path: "/b" }] }), new Date()));
  expect(uid(entry(), now)).not.toBe(uid(entry({ serialNumber: "0a0c" }), now));
  expect(uid(entry(), now)).toMatch(/^UID:[0-9a-f]{40}@tokenglass$/);
});

test("a certificate without a readable end has no event", () => {
  expect(calendarOf([entry({ notAfter: null })], now, [1])).not.toContain("VEVENT");
});
