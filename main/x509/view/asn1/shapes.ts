import { anyInner, contents, type Element, is } from "./ber.ts";

/** Enough to know a shape by; a list may have a million elements. */
const looked = 12;

/** The first elements in a SEQUENCE or SET, as far as they can be read. */
export const elementsOf = (element: Element | undefined): Element[] =>
  element && (is(element, "sequence") || is(element, "set")) ? anyInner(element, looked).elements : [];

/** Whether it is an AlgorithmIdentifier: a SEQUENCE that begins with an OID. */
export const isAlgorithm = (element: Element | undefined): boolean =>
  is(element, "sequence") && is(elementsOf(element)[0], "oid");

/** Whether it is a small INTEGER of that value. */
export const valueIs = (element: Element | undefined, value: number): boolean =>
  is(element, "integer") && contents(element).equals(Buffer.from([value]));

/** Whether the element is a private key: PKCS#8 (RFC 5958), RSA or DSA numbers (RFC 8017 A.1.2), SEC 1 (RFC 5915). */
export const isPrivateKey = (element: Element): boolean => {
  if (!is(element, "sequence")) return false;
  const [first, second, third, fourth] = elementsOf(element);
  if (!is(first, "integer")) return false;
  if (isAlgorithm(second) && is(third, "octetString")) return true;
  if (is(second, "integer") && is(third, "integer") && is(fourth, "integer")) return true;
  return valueIs(first, 1) && is(second, "octetString");
};
