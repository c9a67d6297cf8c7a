import { DerError, oidText as oidTextOrNull } from "../pkcs11/der.ts";

/**
 * Reading of ASN.1 in BER, indefinite lengths included (X.690), as files have it. Own code instead of a library for
 * two reasons: what is read are views of the caller's buffer, so a private key can be wiped in one place; and faults
 * name the offset, which tells a cut-off file from a foreign one.
 */

export interface Node {
  /** Identifier octet: class, constructed bit and tag number (high tag numbers are not used by any key format). */
  tag: number;
  constructed: boolean;
  /** View of the contents octets; for an indefinite length without the end mark. */
  content: Buffer;
  /** View of the whole element, header included. */
  raw: Buffer;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

const maximumDepth = 32;

/** Reads the element at `offset`. @throws DerError saying what is wrong at which byte. */
export const readNode = (bytes: Buffer, offset = 0, depth = 0): Node => {
  if (depth > maximumDepth) throw new DerError(`nested deeper than ${maximumDepth} levels`);
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw new DerError(`ends at byte ${bytes.length} inside a header`);
  if ((tag & 0x1f) === 0x1f) throw new DerError(`unexpected long tag at byte ${offset}`);
  const constructed = (tag & 0x20) !== 0;
  if (first === 0x80) return readIndefinite(bytes, offset, tag, depth);
  const { length, start } = first < 0x80 ? { length: first, start: offset + 2 } : readLength(bytes, offset, first);
  const end = start + length;
  if (end > bytes.length)
    throw new DerError(`cut off: ${end} bytes are announced at byte ${offset}, but only ${bytes.length} are there`);
  return { tag, constructed, content: bytes.subarray(start, end), raw: bytes.subarray(offset, end) };
};

const readLength = (bytes: Buffer, offset: number, first: number): { length: number; start: number } => {
  const count = first & 0x7f;
  if (count > 4) throw new DerError(`impossible length at byte ${offset + 1}`);
  let length = 0;
  for (let i = 0; i < count; i++) {
    const byte = bytes[offset + 2 + i];
    if (byte === undefined) throw new DerError(`ends at byte ${bytes.length} inside a length`);
    length = length * 256 + byte;
  }
  return { length, start: offset + 2 + count };
};

const readIndefinite = (bytes: Buffer, offset: number, tag: number, depth: number): Node => {
  if ((tag & 0x20) === 0) throw new DerError(`primitive element of unknown length at byte ${offset}`);
  let at = offset + 2;
  for (;;) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) break;
    at += readNode(bytes, at, depth + 1).raw.length;
  }
  return { tag, constructed: true, content: bytes.subarray(offset + 2, at), raw: bytes.subarray(offset, at + 2) };
};

/** The elements inside a constructed element. */
export const children = (node: Node): Node[] => {
  if (!node.constructed) throw new DerError(`element with tag 0x${node.tag.toString(16)} has no inner elements`);
  const inner: Node[] = [];
  for (let at = 0; at < node.content.length; ) {
    const child = readNode(node.content, at);
    inner.push(child);
    at += child.raw.length;
  }
  return inner;
};

/** Reads one element that must fill the buffer. */
export const readAll = (bytes: Buffer): Node => {
  const node = readNode(bytes);
  if (node.raw.length !== bytes.length)
    throw new DerError(`${bytes.length - node.raw.length} bytes too many after byte ${node.raw.length}`);
  return node;
};

/** @returns the element if it has that tag. @throws DerError naming what was expected. */
export const expectTag = (node: Node | undefined, tag: number, what: string): Node => {
  if (node?.tag !== tag)
    throw new DerError(`${what} expected, found ${node ? `tag 0x${node.tag.toString(16)}` : "the end"}`);
  return node;
};

/** The inner elements of a SEQUENCE. */
export const sequence = (node: Node | undefined, what: string): Node[] =>
  children(expectTag(node, tags.sequence, what));

/** Contents of an OCTET STRING (also an implicitly tagged one), joined if BER has split it into parts. */
export const octets = (node: Node): Buffer =>
  node.constructed ? Buffer.concat(children(node).map(octets)) : node.content;

/** Contents of a BIT STRING without the octet that counts unused bits. */
export const bits = (node: Node): Buffer => node.content.subarray(1);

/** A non-negative INTEGER as unsigned big-endian bytes without leading zeros. */
export const unsigned = (node: Node): Buffer => stripZeros(node.content);

/** @returns a view without leading zero bytes; one zero byte is left of zero. */
export const stripZeros = (bytes: Buffer): Buffer => {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at++;
  return bytes.subarray(at);
};

/** Whether it is a BOOLEAN that says yes: any octet but 0, of which DER allows one only. */
export const isTrue = (node: Node | undefined): boolean => node?.tag === tags.boolean && node.content[0] !== 0;

export const smallInteger = (node: Node): number => {
  if (node.content.length > 4) throw new DerError("a number is too large");
  return node.content.readIntBE(0, node.content.length);
};

/** An object identifier in dotted form. @param content contents octets, without tag and length. */
export const oidText = (content: Buffer): string => {
  const text = oidTextOrNull(content, 0, content.length);
  if (text === null) throw new DerError("a broken object identifier");
  return text;
};

/** The OBJECT IDENTIFIER in an element, dotted. @throws DerError naming what was expected */
export const oidOf = (node: Node | undefined, what: string): string => oidText(expectTag(node, tags.oid, what).content);

/** AlgorithmIdentifier (RFC 5280 4.1.1.2). */
export const algorithmIdentifier = (node: Node | undefined): { oid: string; parameters: Node | undefined } => {
  const [oid, parameters] = sequence(node, "AlgorithmIdentifier");
  return { oid: oidOf(oid, "an algorithm"), parameters };
};

/** What stands inside of [0] EXPLICIT. */
export const explicit = (node: Node | undefined, what: string): Node => readNode(expectTag(node, 0xa0, what).content);
