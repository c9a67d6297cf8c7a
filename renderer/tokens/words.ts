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

export const sessionWords = (open: number | null, max: number | null): string =>
  `${open ?? "not reported"} open, ${max === null ? "limit not reported" : max === 0 ? "no limit" : `at most ${max}`}`;
