import { expect, test } from "vitest";
import { type Found, overviewOf } from "./overview.ts";

const now = new Date("2026-03-01T12:00:00Z");
const found = (notAfter: string | null, more: Partial<Found> = {}): Found => ({
  subject: "CN=a",
  issuer: "CN=CA",
  serialNumber: notAfter ?? "none",
  notBefore: "2025-01-01T00:00:00Z",
  notAfter,
  place: { kind: "file", path: "/a.pem" },
  ...more,
});

test.each([
  ["2026-03-01T11:59:59Z", "expired", -1],
  ["2026-03-01T12:00:00Z", "urgent", 0],
  ["2026-03-08T12:00:00Z", "urgent", 7],
  ["2026-03-08T12:00:01Z", "soon", 7],
  ["2026-03-31T12:00:00Z", "soon", 30],
  ["2026-03-31T12:00:01Z", "valid", 30],
  ["2050-01-01T00:00:00Z", "valid", 8706],
] as const)("a certificate that ends at %s is %s with %i whole days left", (notAfter, severity, daysLeft) => {
  expect(overviewOf([found(notAfter)], now, [7, 30])[0]).toMatchObject({ severity, daysLeft });
});

test("one whose time has not begun is not valid yet; one whose end cannot be read is unknown and comes last", () => {
  const later = found("2027-01-01T00:00:00Z", { notBefore: "2026-03-02T00:00:00Z" });
  const entries = overviewOf([found(null), later, found("2026-01-01T00:00:00Z")], now, [30]);
  expect(entries.map(({ severity }) => severity)).toEqual(["expired", "not yet", "unknown"]);
});

test("a certificate that lies at several places is one entry with all of them", () => {
  const [entry, ...others] = overviewOf(
    [found("2027-01-01T00:00:00Z"), found("2027-01-01T00:00:00Z", { place: { kind: "file", path: "/b.pem" } })],
    now,
    [30],
  );
  expect(others).toEqual([]);
  expect(entry?.places).toEqual([
    { kind: "file", path: "/a.pem" },
    { kind: "file", path: "/b.pem" },
  ]);
});
