import { DerError } from "../../../pkcs11/der.ts";

/**
 * ASN.1 in BER or DER (X.690) for looking at: one level at a time, so that what stands before a fault is read however
 * broken the rest is, and every fault has its byte. main/keys/ber.ts, which reads key files, wants them whole.
 */
export interface Element {
  /** All bytes; offsets count from their start. */
  source: Buffer;
  /** First octet of the tag, first octet of the contents, and the octet after the element. */
  offset: number;
  start: number;
  end: number;
  /** Octet after the contents: `end`, or two before it where an end mark follows. */
  stop: number;
  tagClass: "universal" | "application" | "context" | "private";
  tag: number;
  constructed: boolean;
  indefinite: boolean;
}

/** Bytes that are no BER, or not what is expected. */
export class BerError extends DerError {
  readonly offset: number;
  /** Whether bytes are missing at the end: everything that stood there is missing for the same reason. */
  readonly cut: boolean;

  constructor(message: string, offset: number, cut = false) {
    super(message);
    this.name = "BerError";
    this.offset = offset;
    this.cut = cut;
  }
}

const classes = ["universal", "application", "context", "private"] as const;

/** Levels of indefinite lengths within each other whose end is looked for; files have three. */
const maximumDepth = 24;

/** Reads the element at an offset; nothing in it is looked at unless its length is indefinite. @throws BerError */
export const elementAt = (source: Buffer, offset: number, end: number = source.length): Element => {
  const head = headAt(source, offset, end);
  if (head.length !== null) {
    const stop = head.start + head.length;
    if (stop > end)
      throw new BerError(
        `${head.length} bytes of content are announced at byte ${offset}, but only ${end - head.start} follow`,
        offset,
        end === source.length,
      );
    return { source, offset, start: head.start, end: stop, stop, indefinite: false, ...head.tagParts };
  }
  const after = endOfIndefinite(source, offset, end, 0);
  return { source, offset, start: head.start, end: after, stop: after - 2, indefinite: true, ...head.tagParts };
};

/** Octets after elements of indefinite length, by source, offset and end: an outer one's end is found by way of all inner ones. */
const knownEnds = new WeakMap<Buffer, Map<number, number | BerError>>();

/** Larger than any offset, so that offset and end make one number. */
const places = 2 ** 26;

/** Too many levels: depends on where the reading began, so it is not remembered. */
class DepthError extends BerError {}

/** Octet after an element of indefinite length. @throws BerError */
const endOfIndefinite = (source: Buffer, offset: number, end: number, depth: number): number => {
  const known = knownEnds.get(source) ?? new Map<number, number | BerError>();
  knownEnds.set(source, known);
  const key = offset * places + end;
  const before = known.get(key);
  if (before instanceof BerError) throw before;
  if (before !== undefined) return before;
  try {
    const after = searchEnd(source, offset, end, depth);
    known.set(key, after);
    return after;
  } catch (thrown) {
    if (thrown instanceof BerError && !(thrown instanceof DepthError)) known.set(key, thrown);
    throw thrown;
  }
};

const searchEnd = (source: Buffer, offset: number, end: number, depth: number): number => {
  const { start, tagParts } = headAt(source, offset, end);
  if (!tagParts.constructed) throw new BerError(`A primitive element without a length at byte ${offset}`, offset);
  if (depth >= maximumDepth) throw new DepthError(`More than ${maximumDepth} indefinite lengths in each other`, offset);
  let at = start;
  while (!(source[at] === 0 && source[at + 1] === 0 && at + 2 <= end)) {
    if (at >= end)
      throw new BerError(`The end mark of the element at byte ${offset} is missing`, offset, end === source.length);
    at = shortEnd(source, at, end) ?? longEnd(source, at, end, depth);
  }
  return at + 2;
};

/** Octet after an element with a tag and a length of one byte each, as most have; null for others. Makes no objects. */
const shortEnd = (source: Buffer, offset: number, end: number): number | null => {
  const size = source[offset + 1] ?? 0x80;
  const after = offset + 2 + size;
  return ((source[offset] ?? 0) & 0x1f) !== 0x1f && size < 0x80 && after <= end ? after : null;
};

const longEnd = (source: Buffer, offset: number, end: number, depth: number): number =>
  headAt(source, offset, end).length === null
    ? endOfIndefinite(source, offset, end, depth + 1)
    : elementAt(source, offset, end).end;

interface Head {
  start: number;
  /** null: indefinite */
  length: number | null;
  tagParts: Pick<Element, "tagClass" | "tag" | "constructed">;
}

/** Identifier and length octets (X.690 8.1.2, 8.1.3). */
const headAt = (source: Buffer, offset: number, end: number): Head => {
  const cut = () =>
    new BerError(`The bytes end within the header of the element at byte ${offset}`, offset, end === source.length);
  let at = offset;
  const next = (): number => {
    const byte = at < end ? source[at] : undefined;
    if (byte === undefined) throw cut();
    at++;
    return byte;
  };
  const first = next();
  let tag = first & 0x1f;
  if (tag === 0x1f) {
    tag = 0;
    for (let more = true; more; ) {
      const byte = next();
      tag = tag * 128 + (byte & 0x7f);
      if (tag > 0xffffffff) throw new BerError(`A tag number without end at byte ${offset}`, offset);
      more = (byte & 0x80) !== 0;
    }
  }
  const tagParts = { tagClass: classes[first >> 6] ?? "universal", tag, constructed: (first & 0x20) !== 0 };
  const size = next();
  if (size === 0x80) return { start: at, length: null, tagParts };
  if (size < 0x80) return { start: at, length: size, tagParts };
  const count = size & 0x7f;
  if (count > 6) throw new BerError(`A length of ${count} bytes at byte ${offset}`, offset);
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + next();
  return { start: at, length, tagParts };
};

/** Elements inside one, and why there are no more of them if a fault ended the reading. */
export const innerElements = (
  { source, start, stop }: Element,
  limit = Number.POSITIVE_INFINITY,
): { elements: Element[]; fault: BerError | null } => {
  const elements: Element[] = [];
  for (let at = start; at < stop && elements.length < limit; ) {
    try {
      const element = elementAt(source, at, stop);
      elements.push(element);
      at = element.end;
    } catch (thrown) {
      if (thrown instanceof BerError) return { elements, fault: thrown };
      throw thrown;
    }
  }
  return { elements, fault: null };
};

/** An element whose contents go on until the bytes end, whatever its length says. null: not even its header is there. */
export const halfElement = (source: Buffer, offset: number, end: number = source.length): Element | null => {
  try {
    const { start, length, tagParts } = headAt(source, offset, end);
    return { source, offset, start, end, stop: end, indefinite: length === null, ...tagParts };
  } catch {
    return null;
  }
};

/** The element at an offset, cut off or not. null: nothing can be read there. */
export const anyElement = (
  source: Buffer,
  offset: number,
  end: number = source.length,
): { element: Element | null; fault: BerError | null } => {
  try {
    return { element: elementAt(source, offset, end), fault: null };
  } catch (thrown) {
    if (!(thrown instanceof BerError)) throw thrown;
    return { element: halfElement(source, offset, end), fault: thrown };
  }
};

/** Inner elements as far as there are any, the last one cut off or not. */
export const anyInner = (element: Element, limit?: number): { elements: Element[]; fault: BerError | null } => {
  if (!element.constructed) return { elements: [], fault: null };
  const { elements, fault } = innerElements(element, limit);
  const half = fault && halfElement(element.source, elements.at(-1)?.end ?? element.start, element.stop);
  return { elements: half ? [...elements, half] : elements, fault };
};

/** The elements inside a constructed one. @throws BerError also if it is primitive */
export const inner = (element: Element): Element[] => {
  if (!element.constructed)
    throw new BerError(`${tagWords(element)} at byte ${element.offset} should hold elements`, element.offset);
  const { elements, fault } = innerElements(element);
  if (fault) throw fault;
  return elements;
};

/** What is in SEQUENCEs and SETs, however deep, in its order. @throws BerError */
export const leaves = (element: Element): Element[] =>
  element.constructed && (is(element, "sequence") || is(element, "set")) ? inner(element).flatMap(leaves) : [element];

export const universal = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  enumerated: 10,
  utf8: 12,
  sequence: 16,
  set: 17,
  utcTime: 23,
  generalizedTime: 24,
} as const;

const tagNames: Record<number, string> = {
  0: "end mark",
  1: "BOOLEAN",
  2: "INTEGER",
  3: "BIT STRING",
  4: "OCTET STRING",
  5: "NULL",
  6: "OBJECT IDENTIFIER",
  7: "ObjectDescriptor",
  8: "EXTERNAL",
  9: "REAL",
  10: "ENUMERATED",
  11: "EMBEDDED PDV",
  12: "UTF8String",
  13: "RELATIVE-OID",
  16: "SEQUENCE",
  17: "SET",
  18: "NumericString",
  19: "PrintableString",
  20: "T61String",
  21: "VideotexString",
  22: "IA5String",
  23: "UTCTime",
  24: "GeneralizedTime",
  25: "GraphicString",
  26: "VisibleString",
  27: "GeneralString",
  28: "UniversalString",
  29: "CHARACTER STRING",
  30: "BMPString",
};

/** "SEQUENCE", "[0]", "[APPLICATION 3]". */
export const tagWords = ({ tagClass, tag }: Pick<Element, "tagClass" | "tag">): string => {
  if (tagClass === "universal") return tagNames[tag] ?? `[UNIVERSAL ${tag}]`;
  return tagClass === "context" ? `[${tag}]` : `[${tagClass.toUpperCase()} ${tag}]`;
};

/** Whether there is an element, and of that type. */
export const is: {
  (element: Element, name: keyof typeof universal): boolean;
  (element: Element | undefined, name: keyof typeof universal): element is Element;
} = (element: Element | undefined, name: keyof typeof universal): element is Element =>
  element?.tagClass === "universal" && element.tag === universal[name];

/** Whether it is [number]. */
export const isContext: {
  (element: Element, tag: number): boolean;
  (element: Element | undefined, tag: number): element is Element;
} = (element: Element | undefined, tag: number): element is Element =>
  element?.tagClass === "context" && element.tag === tag;

/** @param what "a serial number" @param after byte where it is missed if there is none. @throws BerError */
export const need = (
  element: Element | undefined,
  name: keyof typeof universal,
  what: string,
  after: number,
): Element => {
  if (!element) throw new BerError(`${what} is missing at byte ${after}`, after, true);
  if (is(element, name)) return element;
  throw new BerError(
    `${what} is expected at byte ${element.offset}, but ${tagWords(element)} stands there`,
    element.offset,
  );
};

/** The elements of a SEQUENCE. @throws BerError */
export const sequenceOf = (element: Element | undefined, what: string, after: number): Element[] =>
  inner(need(element, "sequence", what, after));

/** Contents octets. */
export const contents = ({ source, start, stop }: Element): Buffer => source.subarray(start, stop);

/** The whole element. */
export const whole = ({ source, offset, end }: Element): Buffer => source.subarray(offset, end);

/** Octets of a string, joined where BER has split it into parts. @throws BerError */
export const octetsOf = (element: Element): Buffer =>
  element.constructed ? Buffer.concat(inner(element).map(octetsOf)) : contents(element);

/** The single element in the contents of a string, or in bytes. @throws BerError if there is none or more than that */
export const within = (element: Element, what: string): Element => {
  const found = elementAt(element.source, element.start, element.stop);
  if (found.end !== element.stop)
    throw new BerError(`${element.stop - found.end} bytes too many after ${what} at byte ${found.end}`, found.end);
  return found;
};

/** Bits of a BIT STRING without the octet that counts unused ones. @throws BerError */
export const bitsOf = (element: Element): Buffer => {
  const octets = octetsOf(element);
  if ((octets[0] ?? 8) > 7) throw new BerError(`A BIT STRING without bits at byte ${element.offset}`, element.offset);
  return octets.subarray(1);
};

/** Numbers of the bits that are set, the first one being 0. */
export const bitNumbers = (element: Element): number[] =>
  [...bitsOf(element)].flatMap((byte, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => (byte & (0x80 >> bit) ? [at * 8 + bit] : [])),
  );

/** Value of an INTEGER or ENUMERATED. @throws BerError for one without bytes */
export const integerOf = (element: Element): bigint => {
  const bytes = contents(element);
  if (bytes.length === 0) throw new BerError(`A number without bytes at byte ${element.offset}`, element.offset);
  const value = BigInt(`0x${bytes.toString("hex")}`);
  return (bytes[0] ?? 0) & 0x80 ? value - (1n << BigInt(bytes.length * 8)) : value;
};
