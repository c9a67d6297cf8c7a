import type { Output } from "../../../../preload/contract/index.ts";
import type { TreeNode } from "../../../../preload/contract/x509.ts";
import { failure } from "../../../pkcs11/failure.ts";
import { BerError, type Element, elementAt, halfElement, innerElements, is, tagWords } from "./ber.ts";
import { isPrivateKey } from "./shapes.ts";
import { hexWords, valueWords } from "./value-words.ts";

/** Levels that are opened; deeper ones are said, not shown. No structure of X.509 has more than 20. */
const maximumLevel = 64;

const privateKeyInside = (offset: number) =>
  failure("REFUSED", {
    where: `byte ${offset}`,
    message: "There is a private key in it: its values are never shown.",
    remedy: "x509.view shows the public half.",
  });

/** Also a key in a string that is cut off, or followed by something. @throws Failure REFUSED */
const refusePrivateKey = (element: Element): void => {
  const inside = is(element, "octetString") ? halfElement(element.source, element.start, element.stop) : null;
  if (isPrivateKey(element) || (inside && isPrivateKey(inside))) throw privateKeyInside(element.offset);
};

type Tree = Pick<Output<"x509.tree">, "nodes" | "faults" | "cut">;

/**
 * All elements in bytes, in their order, as far as they can be read: a fault is noted with its byte, and reading goes on
 * after the element that it is in. Strings whose bytes are elements themselves (X.509's extensions, keys) are opened.
 * @param limit of elements
 * @throws Failure REFUSED if a private key is among them
 */
export const treeOf = (bytes: Buffer, limit: number): Tree => {
  const tree: Tree = { nodes: [], faults: [], cut: false };
  for (let at = 0; at < bytes.length && !tree.cut; ) {
    const next = readTop(bytes, at, tree, limit);
    if (next === null) break;
    at = next;
  }
  return tree;
};

/** Faults that are told; more say nothing new. */
const maximumFaults = 200;

const note = (tree: Tree, { offset, message }: BerError): void => {
  if (tree.faults.length < maximumFaults) tree.faults.push({ offset, message });
};

/** @returns where the next element begins; null if nothing more can be read */
const readTop = (bytes: Buffer, at: number, tree: Tree, limit: number): number | null => {
  try {
    const element = elementAt(bytes, at);
    addElement(element, 0, tree, limit);
    return element.end;
  } catch (thrown) {
    if (!(thrown instanceof BerError)) throw thrown;
    addBroken(bytes, at, bytes.length, 0, tree, limit, thrown);
    return null;
  }
};

const addElement = (element: Element, level: number, tree: Tree, limit: number): void => {
  if (tree.nodes.length >= limit) {
    tree.cut = true;
    return;
  }
  refusePrivateKey(element);
  const inside = level < maximumLevel ? opened(element) : null;
  tree.nodes.push(nodeOf(element, level, inside !== null));
  if (element.constructed && level >= maximumLevel)
    note(tree, new BerError(`Nested deeper than ${maximumLevel} levels: not opened`, element.offset));
  if (inside) addInner(inside, level + 1, tree, limit);
};

/** The element whose inner ones are shown, or null for one without. */
const opened = (element: Element): Element | null => {
  if (element.constructed) return element;
  return encapsulated(element);
};

/**
 * OCTET STRINGs and BIT STRINGs often hold DER. Only what is DER to its last byte, and begins with a SEQUENCE, SET, or
 * is a short string or number in a string of its own, counts: random bytes look like an element now and then.
 */
const encapsulated = (element: Element): Element | null => {
  const skip = is(element, "bitString") ? 1 : is(element, "octetString") ? 0 : null;
  if (skip === null || element.stop - element.start - skip < 2) return null;
  if (skip === 1 && element.source[element.start] !== 0) return null;
  const start = element.start + skip;
  try {
    const found = elementAt(element.source, start, element.stop);
    const known = found.tagClass === "universal" && [1, 2, 3, 4, 5, 10, 12, 16, 17, 22].includes(found.tag);
    if (found.end !== element.stop || !known || found.indefinite) return null;
    if (found.constructed !== [16, 17].includes(found.tag)) return null;
    if (found.constructed && innerElements(found).fault) return null;
    return { ...element, start };
  } catch {
    return null;
  }
};

const addInner = (element: Element, level: number, tree: Tree, limit: number): void => {
  const { elements, fault } = innerElements(element, limit - tree.nodes.length + 1);
  for (const one of elements) {
    addElement(one, level, tree, limit);
    if (tree.cut) return;
  }
  if (fault) addBroken(element.source, elements.at(-1)?.end ?? element.start, element.stop, level, tree, limit, fault);
};

/** What is left of an element that is cut off or wrong: its own header, and whatever in it can still be read. */
const addBroken = (
  source: Buffer,
  offset: number,
  end: number,
  level: number,
  tree: Tree,
  limit: number,
  fault: BerError,
): void => {
  if (tree.nodes.length >= limit || level > maximumLevel) {
    tree.cut = true;
    return;
  }
  const element = halfElement(source, offset, end);
  if (!element) {
    note(tree, fault);
    return;
  }
  refusePrivateKey(element);
  tree.nodes.push(nodeOf(element, level, element.constructed));
  note(tree, fault);
  if (element.constructed && level < maximumLevel) addInner(element, level + 1, tree, limit);
};

const nodeOf = (element: Element, level: number, inside: boolean): TreeNode => ({
  offset: element.offset,
  header: element.start - element.offset,
  length: element.stop - element.start,
  indefinite: element.indefinite,
  level,
  tag: tagWords(element),
  constructed: element.constructed,
  inner: inside,
  value: element.constructed
    ? ""
    : inside
      ? hexWords(element.source.subarray(element.start, element.stop), 16)
      : valueWords(element),
});
