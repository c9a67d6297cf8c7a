const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Text of a fixed or attribute field as a token gave it, safe to show: control characters and bytes that are not
 * UTF-8 are escaped, so that a label cannot break a table, a log or a terminal.
 * @returns the text and whether anything was escaped.
 */
export const showText = (bytes: Buffer): { text: string; exact: boolean } => {
  const clean = utf8(bytes);
  if (clean !== null) return { text: clean, exact: true };
  let text = "";
  for (const byte of bytes) {
    if (byte === 0x0a) text += "\\n";
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return { text, exact: false };
};

const utf8 = (bytes: Buffer): string | null => {
  try {
    const text = decoder.decode(bytes);
    // Controls, line separators and direction overrides change what a reader sees.
    return /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text) ? null : text;
  } catch {
    return null;
  }
};

/** The same for text that pkcs11js has already made a string of (C_GetInfo, C_GetSlotInfo, C_GetTokenInfo): padding off. */
export const showPadded = (text: string): string =>
  text
    .replace(/[ \0]+$/, "")
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]/gu, (c) =>
      c === "\n"
        ? "\\n"
        : c === "\ufffd"
          ? "\\ufffd"
          : c.charCodeAt(0) < 256
            ? `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`
            : `\\u${c.charCodeAt(0).toString(16)}`,
    );
