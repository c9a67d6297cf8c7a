/**
 * A walk over DER (X.690), no more than what listing needs: it must read thousands of certificates in a fraction of a
 * second, so it makes no tree and copies nothing.
 */
export interface DerElement {
  /** Identifier octet: 0x30 SEQUENCE, 0x02 INTEGER, 0xa0 [0] ... */
  tag: number;
  /** Where the element starts (its tag), its content starts, and where it ends (exclusive). */
  start: number;
  content: number;
  end: number;
}

/** Thrown for bytes that are not DER. */
export class DerError extends Error {}

/**
 * Reads one element at `at`.
 * @throws DerError if it does not fit within `end`, has a multi-byte tag or an indefinite length
 */
export const derAt = (bytes: Uint8Array, at: number, end: number): DerElement => {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > end) throw new DerError("too short");
  if ((tag & 0x1f) === 0x1f) throw new DerError("multi-byte tag");
  let content = at + 2;
  let length = first;
  if (first & 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new DerError("unusual length");
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[content + i] ?? 0);
    content += count;
  }
  if (content + length > end) throw new DerError("length runs over the end");
  return { tag, start: at, content, end: content + length };
};

/** @returns the elements inside a constructed one. */
export const derChildren = (bytes: Uint8Array, parent: DerElement): DerElement[] => {
  const children: DerElement[] = [];
  for (let at = parent.content; at < parent.end; ) {
    const child = derAt(bytes, at, parent.end);
    children.push(child);
    at = child.end;
  }
  return children;
};

/** @returns the single element that fills all of the bytes, or null. */
export const derWhole = (bytes: Uint8Array): DerElement | null => {
  try {
    const element = derAt(bytes, 0, bytes.length);
    return element.end === bytes.length ? element : null;
  } catch {
    return null;
  }
};

/** @returns an OBJECT IDENTIFIER's content as dotted text, or null if it is not one. */
export const oidText = (bytes: Uint8Array, start: number, end: number): string | null => {
  const arcs: string[] = [];
  let value = 0n;
  let open = false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    value = (value << 7n) | BigInt(byte & 0x7f);
    open = (byte & 0x80) !== 0;
    if (open) continue;
    if (arcs.length === 0) {
      const root = value < 40n ? 0n : value < 80n ? 1n : 2n;
      arcs.push(String(root), String(value - root * 40n));
    } else arcs.push(String(value));
    value = 0n;
  }
  return open || arcs.length === 0 ? null : arcs.join(".");
};
