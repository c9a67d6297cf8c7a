import { failure } from "../pkcs11/failure.ts";

/** Bytes of CK_TOKEN_INFO.label. */
export const labelBytes = 32;

/**
 * A token label as C_InitToken takes it: UTF-8, padded with blanks to 32 bytes, not ended by a NUL (PKCS#11 2.40, C_InitToken).
 * @throws Failure INVALID_REQUEST if it is longer, or has control characters that other programs show as damage.
 */
export const padLabel = (label: string): string => {
  const length = Buffer.byteLength(label, "utf8");
  if (length > labelBytes)
    throw failure("INVALID_REQUEST", {
      where: "label",
      message: `The label has ${length} bytes in UTF-8; a token has room for ${labelBytes}.`,
      remedy: "Shorten it. Letters with accents take two bytes, most other scripts three.",
      details: { bytes: length, most: labelBytes },
    });
  if (/[\p{Cc}\p{Cs}]/u.test(label) || label.trim() === "" || label !== label.trimEnd())
    throw failure("INVALID_REQUEST", {
      where: "label",
      message: "The label is blank, ends in a blank, or contains control characters.",
      remedy: "Use printable characters. Blanks at the end cannot be told from the padding.",
    });
  return label + " ".repeat(labelBytes - length);
};
