/** Bytes as they cross the bridge: base64 and lower-case hexadecimal. */

export const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(text);

export const hexOfBytes = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const hexOfText = (text: string): string => hexOfBytes(bytesOfText(text));

export const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export const base64OfBytes = (bytes: Uint8Array): string => {
  let binary = "";
  // In pieces: one call with all bytes as arguments would exceed the stack for large files.
  for (let start = 0; start < bytes.length; start += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(binary);
};

export const base64OfText = (text: string): string => base64OfBytes(bytesOfText(text));

export const bytesOfBase64 = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

export const base64OfFile = async (file: Blob): Promise<string> =>
  base64OfBytes(new Uint8Array(await file.arrayBuffer()));

/** A block of RFC 7468 text. */
export const pemOf = (label: string, base64: string): string =>
  `-----BEGIN ${label}-----\n${(base64.match(/.{1,64}/g) ?? []).join("\n")}\n-----END ${label}-----\n`;
