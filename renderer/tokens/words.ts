import type { TokenRow } from "../../preload/contract/tokens.ts";

/** How a token is called on screen. */
export const tokenTitle = (token: TokenRow): string => {
  if (!token.initialised) return token.label || "New token, not initialised";
  return token.label || `Token ${token.serial || "without label"}`;
};

/** Bytes for people; null is what a token says when it does not report a size. */
export const memoryWords = (total: number | null, free: number | null): string => {
  if (total === null && free === null) return "not reported";
  const one = (bytes: number | null) =>
    bytes === null ? "not reported" : bytes < 10_240 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`;
  return `${one(free)} free of ${one(total)}`;
};

/** @param max 0: no limit (CK_EFFECTIVELY_INFINITE). null: not reported (CK_UNAVAILABLE_INFORMATION). */
export const sessionWords = (open: number | null, max: number | null): string => {
  if (open === null && max === null) return "not reported";
  const limit = max === null ? "limit not reported" : max === 0 ? "no limit" : `at most ${max}`;
  return open === null ? `${limit}; how many are open is not reported` : `${open} open, ${limit}`;
};

/** ulMinPinLen and ulMaxPinLen. A maximum of 0 or all ones is what tokens say that know none. */
export const pinLengthWords = ({ min, max }: { min: number; max: number }): string => {
  const noMaximum = max === 0 || max >= 0xffffffff || max < min;
  if (noMaximum) return min === 0 ? "not reported" : `at least ${min} characters`;
  return min === max ? `${min} characters` : `${min} to ${max} characters`;
};
