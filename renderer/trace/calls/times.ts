import type { TraceRow } from "../../../preload/contract/trace.ts";

/** How the time of a row is written: of day, since the first row, since the row before. */
export type TimeStyle = "clock" | "relative" | "delta";

/** Times below this have no date in the log: they count from midnight. */
const dayNs = 86_400_000_000_000n;

const two = (value: number): string => String(value).padStart(2, "0");

/** @param time ns since the epoch (local time is shown) or since midnight @returns "14:05:30.123456" */
export const clockTime = (time: string): string => {
  const ns = BigInt(time);
  const micro = String((ns / 1000n) % 1_000_000n).padStart(6, "0");
  if (ns < 2n * dayNs) {
    const seconds = Number((ns % dayNs) / 1_000_000_000n);
    return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${micro}`;
  }
  const date = new Date(Number(ns / 1_000_000n));
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micro}`;
};

/** @returns "2026-11-24 14:05:30.123456", or the time alone where the log has no date. */
export const wholeTime = (time: string): string => {
  const ns = BigInt(time);
  if (ns < 2n * dayNs) return clockTime(time);
  const date = new Date(Number(ns / 1_000_000n));
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(time)}`;
};

/**
 * @param ns a length of time. Nothing takes none: it was shorter than a step of the log's clock, which is a millisecond.
 * @returns "1.2 ms", with three digits at most; "< 1 ms"
 */
export const durationWords = (ns: number): string => {
  if (ns === 0) return "< 1 ms";
  const [value, unit] =
    ns < 1e3 ? [ns, "ns"] : ns < 1e6 ? [ns / 1e3, "µs"] : ns < 1e9 ? [ns / 1e6, "ms"] : [ns / 1e9, "s"];
  if (unit === "s" && value >= 600) return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
  // A clock of milliseconds knows no parts of them.
  if (unit === "ms" && Number.isInteger(value)) return `${value} ms`;
  const digits = unit === "ns" || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
};

/** @returns "1.2 ms", "≤ 12 ms" where the log only bounds it, "–" where it says nothing. */
export const durationOf = ({ duration, durationIs }: Pick<TraceRow, "duration" | "durationIs">): string => {
  if (duration === null || durationIs === "unknown") return "–";
  return durationIs === "at-most" ? `≤ ${durationWords(duration)}` : durationWords(duration);
};

/** Signed distance of two times, in seconds with microseconds: "+0.001250". */
export const distance = (from: string, to: string): string => {
  const ns = BigInt(to) - BigInt(from);
  const size = ns < 0n ? -ns : ns;
  const micro = String((size / 1000n) % 1_000_000n).padStart(6, "0");
  return `${ns < 0n ? "−" : "+"}${size / 1_000_000_000n}.${micro}`;
};

/** Part of a bar that stands for a duration: each tenfold is a seventh, from 1 µs to 10 s. */
export const barOf = (duration: number | null): number =>
  duration === null ? 0 : Math.max(0.02, Math.min(1, Math.log10(Math.max(1, duration / 1e3)) / 7));
