/**
 * Java's "modified UTF-8" (java.io.DataInput): each UTF-16 unit by itself, and U+0000 in two bytes.
 * @returns bytes without the length
 */
export const toModifiedUtf8 = (text: string): Buffer => {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0 && unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Buffer.from(bytes);
};

/** @returns the text, or null for bytes that are none. */
export const fromModifiedUtf8 = (bytes: Buffer): string | null => {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0;
    const size = first < 0x80 ? 1 : (first & 0xe0) === 0xc0 ? 2 : (first & 0xf0) === 0xe0 ? 3 : 0;
    const rest = bytes.subarray(i + 1, i + size);
    if (size === 0 || rest.length !== size - 1 || rest.some((byte) => (byte & 0xc0) !== 0x80)) return null;
    const mask = size === 1 ? 0x7f : size === 2 ? 0x1f : 0x0f;
    text += String.fromCharCode(rest.reduce((unit, byte) => (unit << 6) | (byte & 0x3f), first & mask));
    i += size;
  }
  return text;
};
