import type { Clock } from "./opensc-spy-lines.ts";

/** "2026-11-24 19:30:31", with three or six digits of a second or none. */
const stamp = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

/** @returns microseconds since the epoch of a time in this computer's zone; NaN: it is none. */
export const microsecondsOf = (text: string, clock: Clock): number => {
  const found = stamp.exec(text);
  if (!found) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const fraction = Number((found[7] ?? "").padEnd(6, "0"));
  return clock.microseconds(year, month, day, hour, (minute * 60 + second) * 1000) + fraction;
};

/** @param text seconds, "0.000123" @returns nanoseconds; NaN: it is no number. */
export const nanosecondsOf = (text: string): number => {
  const [, seconds, fraction] = /^(\d{1,9})\.(\d{6})$/.exec(text) ?? [];
  return seconds === undefined ? Number.NaN : Number(seconds) * 1e9 + Number(fraction) * 1000;
};
