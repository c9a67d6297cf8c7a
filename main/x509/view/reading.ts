import type { ErrorData } from "../../../preload/contract/errors.ts";
import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { BerError, type Element } from "./asn1/ber.ts";

/** Problems of one item that are told; more say nothing new. */
const maximumProblems = 50;

/** What is being read, and what went wrong on the way: one fault hides no other field. */
export class Reading {
  readonly where: string;
  readonly problems: ErrorData[] = [];
  readonly notes: string[] = [];
  /** Once the end is missing, everything after it is missing too: the first word is enough. */
  #cut = false;

  constructor(where: string) {
    this.where = where;
  }

  /** @returns null if it cannot be read; the problem is noted with its byte */
  try<T>(read: () => T): T | null {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof BerError)) throw thrown;
      this.fault(thrown);
      return null;
    }
  }

  /** Reads a field that must be there. @param end byte where it is missed if it is not */
  field<T>(element: Element | undefined, what: string, end: number, read: (element: Element) => T): T | null {
    return this.try(() => {
      if (!element) throw new BerError(`${what} is missing at byte ${end}`, end, true);
      return read(element);
    });
  }

  fault({ message, offset, cut }: BerError): void {
    if (this.problems.length >= maximumProblems || (cut && this.#cut)) return;
    this.#cut ||= cut;
    if (this.problems.some(({ details }) => details?.["offset"] === offset)) return;
    this.problems.push({
      code: "BAD_FILE",
      where: this.where,
      message: `${message}.`,
      remedy: "Check that the file is complete and was not changed; the ASN.1 tab shows how far it can be read.",
      details: { offset },
    });
  }
}

/** An item of which nothing is known but what it is. */
export const blankItem = (
  kind: ViewedItem["kind"],
  kindWords: string,
  { where, problems, notes }: Reading,
): ViewedItem => ({
  kind,
  kindWords,
  where,
  title: kindWords,
  der: null,
  pemLabel: null,
  problems,
  notes,
  version: null,
  subject: null,
  issuer: null,
  serial: null,
  validity: null,
  signature: null,
  publicKey: null,
  fingerprints: [],
  extensions: [],
  attributes: [],
  crl: null,
  tls: null,
});
