import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { type Algorithm, algorithmOf, checkSignature } from "./algorithm.ts";
import { anyElement, anyInner, bitsOf, type Element, need, whole } from "./asn1/ber.ts";
import { hexWords } from "./asn1/value-words.ts";
import type { Reading } from "./reading.ts";

/** What certificates, requests and lists have in common: what is signed, with what, and the signature (X.509 SIGNED). */
export interface Signed {
  /** What is signed, cut off or not; null: not even its beginning is there. */
  body: Element | null;
  /** Elements in it, as far as they can be read. */
  fields: Element[];
  algorithm: Algorithm | null;
  signature: Buffer | null;
  /** Bytes of the item: without what follows it. */
  der: Buffer;
}

export const readSigned = (bytes: Buffer, reading: Reading): Signed => {
  const { element: root, fault } = anyElement(bytes, 0);
  if (fault) reading.fault(fault);
  if (!root) return { body: null, fields: [], algorithm: null, signature: null, der: bytes };
  if (root.end < bytes.length) reading.notes.push(`${bytes.length - root.end} bytes follow it; they were left out.`);
  const parts = anyInner(root);
  if (parts.fault && !fault) reading.fault(parts.fault);
  const [body, second, third] = parts.elements;
  const inside = body ? anyInner(body) : { elements: [], fault: null };
  // A fault within the body of an item that is cut off is the same fault.
  if (inside.fault && !parts.fault && !fault) reading.fault(inside.fault);
  const complete = !fault && !parts.fault;
  const algorithm =
    complete || third ? reading.try(() => algorithmOf(second, "The signature's algorithm", root.stop)) : null;
  const signature = complete ? reading.try(() => bitsOf(need(third, "bitString", "The signature", root.stop))) : null;
  return { body: body ?? null, fields: inside.elements, algorithm, signature, der: whole(root) };
};

/** The signature in words; checked against a key if one is given. */
export const signatureView = (
  { algorithm, signature, body, der }: Signed,
  by: { words: string; spki: Buffer } | null,
): ViewedItem["signature"] => {
  if (!algorithm || !signature) return null;
  const good = by && body ? checkSignature(algorithm, by.spki, whole(body), signature, der) : null;
  return {
    algorithm: algorithm.view,
    hex: hexWords(signature, Number.POSITIVE_INFINITY).replaceAll(" ", ""),
    check: by === null ? null : { by: by.words, good, why: whyNot(good) },
  };
};

const whyNot = (good: boolean | null): string | null => {
  if (good === true) return null;
  return good === null ? "The algorithm is not known here; the signature was not checked." : "It does not fit the key.";
};
