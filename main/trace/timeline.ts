import type { Output } from "../../preload/contract/index.ts";
import { kindNumber, outcomeNumber, outcomes } from "./index/flags.ts";
import type { TraceReader } from "./reader.ts";
import { nanoseconds } from "./row.ts";

type Timeline = Output<"trace.timeline">;
type Span = Timeline["lanes"][number]["spans"][number];

export interface TimelineQuery {
  /** ns since the epoch as text; null: from the first, up to the last row. */
  from: string | null;
  to: string | null;
  pixels: number;
  /** Rows to draw; null: all. */
  rows: Uint32Array | null;
}

const maxLanes = 200;

/** Microseconds, as the index has them. */
const microseconds = (nanoseconds: string): number => Number(BigInt(nanoseconds)) / 1000;

/**
 * Spans for each thread. What would fall on the same pixel is one span, which counts its calls and has the worst of their
 * outcomes, so that an error is never hidden; its length in time is that of what it stands for.
 */
export const timeline = (reader: TraceReader, query: TimelineQuery): Timeline => {
  const { columns, lanes, names } = reader;
  const count = query.rows?.length ?? reader.rowCount;
  const slotAt = (i: number) => reader.slot(query.rows ? (query.rows[i] ?? 0) : i);
  const { from, to } = bounds(reader, query, count, slotAt);
  if (!(to >= from)) return { from: null, to: null, lanes: [] };
  const pixel = Math.max((to - from) / query.pixels, 0.001);
  const spans = new Map<number, Span[]>();
  for (let i = 0; i < count; i++) {
    const slot = slotAt(i);
    if (columns.kind[slot] === kindNumber.note) continue;
    const start = columns.time[slot] ?? Number.NaN;
    const length = (columns.duration[slot] || 0) / 1000;
    const end = start + length;
    if (!(end >= from && start <= to)) continue;
    const lane = columns.lane[slot] ?? 0;
    let own = spans.get(lane);
    if (!own) {
      if (spans.size === maxLanes) continue;
      own = [];
      spans.set(lane, own);
    }
    const last = own.at(-1);
    const outcome = outcomeNumber(columns.flags[slot] ?? 0);
    // Spans are kept in microseconds here.
    if (last && Math.max(end, last.end) - last.start < pixel && start >= last.start) {
      last.end = Math.max(last.end, end);
      last.calls++;
      if (outcome > outcomes.indexOf(last.outcome)) last.outcome = outcomes[outcome] ?? "none";
    } else
      own.push({
        row: query.rows ? (query.rows[i] ?? 0) : i,
        start,
        end,
        name: names[columns.name[slot] ?? 0] ?? "",
        outcome: outcomes[outcome] ?? "none",
        calls: 1,
      });
  }
  return {
    from: nanoseconds(from),
    to: nanoseconds(to),
    lanes: [...spans]
      .toSorted(([a], [b]) => a - b)
      .map(([lane, own]) => ({
        process: lanes[lane]?.process ?? null,
        thread: lanes[lane]?.thread ?? "",
        spans: own.map((span) => ({
          ...span,
          start: Math.round((span.start - from) * 1000),
          end: Math.round((span.end - from) * 1000),
        })),
      })),
  };
};

const bounds = (reader: TraceReader, query: TimelineQuery, count: number, slotAt: (i: number) => number) => {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (query.from === null || query.to === null)
    for (let i = 0; i < count; i++) {
      const slot = slotAt(i);
      const start = reader.columns.time[slot] ?? Number.NaN;
      if (start < first) first = start;
      const length = (reader.columns.duration[slot] || 0) / 1000;
      const end = start + length;
      if (end > last) last = end;
    }
  return {
    from: query.from === null ? first : microseconds(query.from),
    to: query.to === null ? last : microseconds(query.to),
  };
};
