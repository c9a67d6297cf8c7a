/** A part of the timeline: nanoseconds behind the trace's first call. */
export interface Range {
  start: number;
  length: number;
}

/** The shortest part that can be looked at, in ns. */
const shortest = 1000;

/** @returns the range within the whole, no shorter than can be looked at */
const fitted = ({ start, length }: Range, whole: number): Range => {
  const least = Math.min(shortest, whole);
  const fit = Math.max(least, Math.min(length, whole));
  return { start: Math.max(0, Math.min(whole - fit, start)), length: fit };
};

/** @param factor below 1: nearer @param at place that stays where it is, as part of the range */
export const zoomed = (range: Range, whole: number, factor: number, at: number): Range => {
  const length = Math.max(Math.min(shortest, whole), Math.min(whole, range.length * factor));
  return fitted({ start: range.start + (range.length - length) * at, length }, whole);
};

/** @param by part of the range */
export const panned = (range: Range, whole: number, by: number): Range =>
  fitted({ start: range.start + range.length * by, length: range.length }, whole);

/** The range around a span, so that it takes up a tenth. */
export const around = (start: number, end: number, whole: number): Range => {
  const length = Math.max((end - start) * 10, shortest);
  return fitted({ start: (start + end - length) / 2, length }, whole);
};

/** Places for the lines of a scale: six or so, at round distances. @returns ns behind the trace's first call */
export const ticks = ({ start, length }: Range): number[] => {
  const rough = length / 6;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? power * 10;
  const first = Math.ceil(start / step) * step;
  const count = Math.max(0, Math.floor((start + length - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
};
