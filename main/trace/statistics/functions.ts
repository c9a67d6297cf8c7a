import type { FunctionStatistics } from "../../../preload/contract/trace.ts";
import { nameCodes, type TraceView } from "../view/view.ts";
import { quantile } from "./quantile.ts";

/** Two buckets a decade from 100 ns: 100 ns, 316 ns, 1 us ... the last takes all from 10,000 s on. */
const histogramBuckets = 23;

/** Bucket of a duration; what is shorter than 100 ns counts in the first. @param duration ns */
export const histogramBucket = (duration: number): number =>
  duration <= 100 ? 0 : Math.min(histogramBuckets - 1, Math.floor(2 * Math.log10(duration / 100) + 1e-9));

/** Their time is not work: it counts in no share. */
const waiting = ["C_WaitForSlotEvent"];

/**
 * The table function x (calls, errors, total, mean, p50, p95, max, share, histogram), slowest in sum first. Two passes
 * over the columns; durations of one function lie side by side in one array of numbers, so quantiles are exact.
 * Ambiguous records are left out.
 * @param counts which rows count: calls, or commands to the card
 */
export const functionStatistics = (
  view: TraceView,
  counts: (row: number) => boolean = view.isCall,
): FunctionStatistics[] => {
  const { count } = view;
  const kinds = view.names.length;
  const calls = new Float64Array(kinds);
  const errors = new Float64Array(kinds);
  const timed = new Float64Array(kinds);
  for (let row = 0; row < count; row += 1) {
    if (!counts(row) || view.isAmbiguous(row)) continue;
    const name = view.nameAt(row);
    if (name < 0) continue;
    calls[name] = (calls[name] ?? 0) + 1;
    if (view.isError(row)) errors[name] = (errors[name] ?? 0) + 1;
    if (view.durationAt(row) >= 0) timed[name] = (timed[name] ?? 0) + 1;
  }
  const starts = new Float64Array(kinds + 1);
  for (let name = 0; name < kinds; name += 1) starts[name + 1] = (starts[name] ?? 0) + (timed[name] ?? 0);
  const durations = new Float64Array(starts[kinds] ?? 0);
  const totals = new Float64Array(kinds);
  const histograms = view.names.map(() => new Uint32Array(histogramBuckets));
  const next = starts.slice();
  const waits = nameCodes(view, waiting);
  let all = 0;
  for (let row = 0; row < count; row += 1) {
    if (!counts(row) || view.isAmbiguous(row)) continue;
    const name = view.nameAt(row);
    const duration = view.durationAt(row);
    if (name < 0 || !(duration >= 0)) continue;
    const place = next[name] ?? 0;
    durations[place] = duration;
    next[name] = place + 1;
    totals[name] = (totals[name] ?? 0) + duration;
    if (!waits.has(name)) all += duration;
    const histogram = histograms[name];
    const bucket = histogramBucket(duration);
    if (histogram !== undefined) histogram[bucket] = (histogram[bucket] ?? 0) + 1;
  }
  return view.names
    .map((name, code): FunctionStatistics => {
      const from = starts[code] ?? 0;
      const to = starts[code + 1] ?? 0;
      const known = to > from;
      const total = totals[code] ?? 0;
      return {
        name,
        calls: calls[code] ?? 0,
        errors: errors[code] ?? 0,
        total: known ? total : null,
        mean: known ? total / (to - from) : null,
        p50: known ? quantile(durations, from, to, 0.5) : null,
        p95: known ? quantile(durations, from, to, 0.95) : null,
        max: known ? quantile(durations, from, to, 1) : null,
        share: known && all > 0 && !waits.has(code) ? total / all : null,
        histogram: [...(histograms[code] ?? [])],
      };
    })
    .filter((entry) => entry.calls > 0)
    .sort((a, b) => (b.total ?? 0) - (a.total ?? 0) || b.calls - a.calls || (a.name < b.name ? -1 : 1));
};
