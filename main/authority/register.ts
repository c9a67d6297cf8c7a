import { z } from "zod";
import type { IssuedCertificate } from "../../preload/contract/authority.ts";
import { type AuthorityRow, authorityRow, issuedCertificate } from "../../preload/contract/authority.ts";
import { failure } from "../pkcs11/failure.ts";

/** What is kept of a CA. */
export const register = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  subject: z.string(),
  notAfter: z.string(),
  /** base64 of the CA's certificate, the newest that was signed with. */
  certificate: z.string(),
  place: authorityRow.shape.place,
  issued: z.array(issuedCertificate.extend({ content: z.string() })),
  /** The last number that was taken, also by a list that was then not made: numbers only grow (RFC 5280 5.2.3). */
  listNumber: z.number().int(),
  list: z
    .strictObject({ number: z.number().int(), thisUpdate: z.string(), nextUpdate: z.string(), content: z.string() })
    .nullable(),
  listStale: z.boolean(),
});
export type Register = z.infer<typeof register>;
export type Issued = Register["issued"][number];

export const rowOf = (kept: Register, file: string): AuthorityRow => ({
  id: kept.id,
  subject: kept.subject,
  notAfter: kept.notAfter,
  issued: kept.issued.length,
  revoked: kept.issued.filter(({ revoked }) => revoked !== null).length,
  list: kept.list && { number: kept.list.number, thisUpdate: kept.list.thisUpdate, nextUpdate: kept.list.nextUpdate },
  listStale: kept.listStale,
  place: kept.place,
  file,
});

export const shownOf = ({ content: _bytes, ...certificate }: Issued): IssuedCertificate => certificate;

/** @throws Failure OBJECT_GONE */
export const issuedOf = (kept: Register, serialNumber: string): Issued => {
  const found = kept.issued.find((one) => one.serialNumber === serialNumber);
  if (found) return found;
  throw failure("OBJECT_GONE", {
    where: kept.subject,
    message: `The register has no certificate with the serial number ${serialNumber}.`,
    remedy: "Look at the register again.",
  });
};

/** A new certificate in the register. @throws Failure ALREADY_USED for a serial number that is taken */
export const withIssued = (kept: Register, issued: Issued): Register => {
  if (kept.issued.some(({ serialNumber }) => serialNumber === issued.serialNumber))
    throw failure("ALREADY_USED", {
      where: kept.subject,
      message: `The serial number ${issued.serialNumber} is in the register already. Nothing was issued.`,
      remedy: "Issue it again: another random number is taken.",
    });
  return { ...kept, issued: [...kept.issued, issued] };
};

/** Revoked now. A hold may become a revocation, which is for good. @throws Failure OBJECT_GONE, REFUSED */
export const withRevoked = (
  kept: Register,
  serialNumber: string,
  revoked: NonNullable<Issued["revoked"]>,
): Register => {
  const found = issuedOf(kept, serialNumber);
  if (found.revoked && found.revoked.reason !== "certificateHold")
    throw failure("REFUSED", {
      where: `certificate ${serialNumber}`,
      message: `It is revoked already, since ${found.revoked.at.slice(0, 10)} (${found.revoked.reason}).`,
      remedy: "There is nothing to do.",
    });
  return changed(kept, found, { ...found, revoked });
};

/** @throws Failure OBJECT_GONE, REFUSED for a certificate that is not on hold */
export const withReleased = (kept: Register, serialNumber: string): Register => {
  const found = issuedOf(kept, serialNumber);
  if (found.revoked?.reason !== "certificateHold")
    throw failure("REFUSED", {
      where: `certificate ${serialNumber}`,
      message: found.revoked ? "A revocation is for good; only a hold can be ended." : "It is not revoked.",
      remedy: "Issue a new certificate for the key.",
    });
  return changed(kept, found, { ...found, revoked: null });
};

const changed = (kept: Register, from: Issued, to: Issued): Register => ({
  ...kept,
  issued: kept.issued.map((one) => (one === from ? to : one)),
  listStale: true,
});
