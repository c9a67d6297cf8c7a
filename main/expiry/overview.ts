import type { ExpiryEntry, ExpiryPlace, ExpirySeverity } from "../../preload/contract/expiry.ts";

const dayMilliseconds = 86_400_000;
/** Milliseconds by which an issuer's clock may be ahead before a new certificate counts as not yet valid. */
const clockSkew = 30_000;

/** A certificate where it was found. */
export interface Found {
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: string | null;
  notAfter: string | null;
  place: ExpiryPlace;
}

/** Two certificates are the same if issuer and serial number are (RFC 5280 4.1.2.2); dates too, since CAs err. */
const identityOf = ({ issuer, serialNumber, notAfter }: Found): string =>
  JSON.stringify([issuer, serialNumber, notAfter]);

/**
 * Every certificate once, with all its places; the one that ends first comes first, those without a readable end last.
 * @param warningDays of the settings, in any order
 */
export const overviewOf = (found: readonly Found[], now: Date, warningDays: readonly number[]): ExpiryEntry[] => {
  const entries = new Map<string, ExpiryEntry>();
  for (const one of found) {
    const known = entries.get(identityOf(one));
    if (known) known.places.push(one.place);
    else entries.set(identityOf(one), entryOf(one, now, warningDays));
  }
  return [...entries.values()].sort(byEnd);
};

const entryOf = ({ place, ...facts }: Found, now: Date, warningDays: readonly number[]): ExpiryEntry => {
  const left = facts.notAfter === null ? null : Date.parse(facts.notAfter) - now.getTime();
  return {
    ...facts,
    daysLeft: left === null ? null : Math.floor(left / dayMilliseconds),
    severity: severityOf(left, facts.notBefore, now, warningDays),
    places: [place],
  };
};

const severityOf = (
  left: number | null,
  notBefore: string | null,
  now: Date,
  warningDays: readonly number[],
): ExpirySeverity => {
  if (left === null) return "unknown";
  if (left < 0) return "expired";
  if (left <= Math.min(...warningDays) * dayMilliseconds) return "urgent";
  if (left <= Math.max(...warningDays) * dayMilliseconds) return "soon";
  return notBefore !== null && Date.parse(notBefore) > now.getTime() + clockSkew ? "not yet" : "valid";
};

const byEnd = (a: ExpiryEntry, b: ExpiryEntry): number => {
  if (a.notAfter === null || b.notAfter === null) return Number(a.notAfter === null) - Number(b.notAfter === null);
  return Date.parse(a.notAfter) - Date.parse(b.notAfter) || a.subject.localeCompare(b.subject);
};
