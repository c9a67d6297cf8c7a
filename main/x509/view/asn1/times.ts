import { BerError, contents, type Element, is, tagWords } from "./ber.ts";

/** Whether there is an element, and a UTCTime or GeneralizedTime. */
export const isTime = (element: Element | undefined): boolean =>
  is(element, "utcTime") || is(element, "generalizedTime");

/**
 * UTCTime or GeneralizedTime (X.680; RFC 5280 4.1.2.5: years below 50 are of this century). Times that DER forbids, but
 * that are seen (without seconds, with an offset, with fractions), are read too.
 * @returns the moment
 * @throws BerError for what is no time, naming the byte
 */
export const timeOf = (element: Element): Date => {
  if (!isTime(element))
    throw new BerError(
      `A time is expected at byte ${element.offset}, but ${tagWords(element)} stands there`,
      element.offset,
    );
  const utc = is(element, "utcTime");
  const text = contents(element).toString("latin1");
  const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?([.,]\d+)?(Z|[+-]\d{4})?$/.exec(text);
  const year = parts?.[1] ?? "";
  const bad = new BerError(
    `"${text.replace(/[^ -~]/g, "?").slice(0, 40)}" at byte ${element.offset} is no time`,
    element.offset,
  );
  if (!parts || year.length !== (utc ? 2 : 4)) throw bad;
  const [, , month, day, hour, minute = "00", second = "00", , zone = "Z"] = parts;
  const fullYear = utc ? (Number(year) < 50 ? `20${year}` : `19${year}`) : year;
  const offset = zone === "Z" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const date = new Date(`${fullYear}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  // The 31st of April would be the 1st of May for Date; month and day are checked where no offset moves them.
  if (Number.isNaN(date.getTime()) || (offset === "Z" && date.getUTCDate() !== Number(day))) throw bad;
  return date;
};

/** "2026-11-24 19:00:00 UTC" */
export const timeWords = (date: Date): string => `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
