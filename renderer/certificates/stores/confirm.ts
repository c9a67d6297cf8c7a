/** Hexadecimal digits of a fingerprint that are typed to confirm it. */
export const confirmDigits = 8;

/** "12:AB:..." as people compare it. */
export const colons = (sha256: string): string => (sha256.match(/../g) ?? []).join(":").toUpperCase();

/** Whether what was typed is the end of the fingerprint, with or without colons. */
export const isConfirmed = (sha256: string, typed: string): boolean => {
  const digits = typed.replace(/[\s:]/g, "").toLowerCase();
  return digits.length >= confirmDigits && sha256.endsWith(digits);
};
