import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { Reading } from "./reading.ts";
import { readSigned, signatureView } from "./signed.ts";

/**
 * Checks signatures by the keys of other certificates among the items: those whose subject is the issuer. A chain or a
 * list beside its CA then says whether it holds together.
 */
export const checkAgainstEachOther = (items: ViewedItem[]): ViewedItem[] => {
  const bySubject = new Map<string, ViewedItem[]>();
  for (const item of items)
    if (item.kind === "certificate" && item.subject)
      bySubject.set(item.subject.der, [...(bySubject.get(item.subject.der) ?? []), item]);
  return items.map((item) => {
    if (!item.issuer || !item.signature || item.signature.check || !item.der) return item;
    const issuers = bySubject.get(item.issuer.der);
    if (!issuers) return item;
    const signed = readSigned(Buffer.from(item.der, "base64"), new Reading(item.where));
    const checks = issuers.flatMap((issuer) => {
      const spki = issuer.publicKey && Buffer.from(issuer.publicKey.spki, "base64");
      return spki ? (signatureView(signed, { words: issuer.title, spki })?.check ?? []) : [];
    });
    const check = checks.find(({ good }) => good) ?? checks[0] ?? null;
    return { ...item, signature: { ...item.signature, check } };
  });
};
