import type { Output } from "../../../preload/contract/index.ts";
import { type Range, ticks } from "./range.ts";

export type Lane = Output<"trace.timeline">["lanes"][number];
export type Span = Lane["spans"][number];

/** Pixels; timeline.css has the same. */
export const laneHeight = 30;
const barHeight = 18;
/** Errors are taller and never narrower than this: they are seen without their colour. */
const errorHeight = 26;
const errorWidth = 3;

export interface Colours {
  ok: string;
  expected: string;
  warning: string;
  error: string;
  none: string;
  line: string;
  chosen: string;
}

export interface Picture {
  lanes: readonly Lane[];
  /** ns behind the first call at which the spans' own zero is. */
  zero: number;
  range: Range;
  chosenRow: number | null;
  width: number;
}

/** Draws all lanes into a canvas whose size is right already. */
export const draw = (context: CanvasRenderingContext2D, picture: Picture, colours: Colours): void => {
  const { lanes, range, width } = picture;
  context.clearRect(0, 0, width, lanes.length * laneHeight);
  const x = (ns: number) => ((ns - range.start) / range.length) * width;
  context.fillStyle = colours.line;
  for (const tick of ticks(range)) context.fillRect(Math.round(x(tick)), 0, 1, lanes.length * laneHeight);
  lanes.forEach(({ spans }, index) => {
    const top = index * laneHeight;
    context.fillStyle = colours.line;
    context.fillRect(0, top + laneHeight - 1, width, 1);
    // Errors last, so that nothing hides them.
    for (const errors of [false, true])
      for (const span of spans) {
        if ((span.outcome === "error") !== errors) continue;
        const from = x(picture.zero + span.start);
        const to = x(picture.zero + span.end);
        if (to < 0 || from > width) continue;
        const height = errors ? errorHeight : barHeight;
        const wide = Math.max(errors ? errorWidth : 1, Math.min(to, width + 10) - Math.max(from, -10));
        context.fillStyle = colours[span.outcome];
        context.fillRect(Math.max(from, -10), top + (laneHeight - height) / 2, wide, height);
        if (wide > 60) name(context, span, Math.max(from, 0) + 4, top, wide - 8);
        if (span.row === picture.chosenRow) {
          context.strokeStyle = colours.chosen;
          context.lineWidth = 2;
          context.strokeRect(Math.max(from, -10) - 1, top + 2, wide + 2, laneHeight - 5);
        }
      }
  });
};

const name = (context: CanvasRenderingContext2D, span: Span, left: number, top: number, width: number): void => {
  const text = span.calls > 1 ? `${span.name} +${span.calls - 1}` : span.name;
  if (context.measureText(text).width > width) return;
  context.fillStyle = "white";
  context.fillText(text, left, top + laneHeight / 2);
};

/** The span at a place, or the nearest within some pixels. */
export const spanAt = (picture: Picture, xAt: number, yAt: number): Span | null => {
  const lane = picture.lanes[Math.floor(yAt / laneHeight)];
  if (!lane) return null;
  const pixel = picture.range.length / picture.width;
  const at = picture.range.start + xAt * pixel - picture.zero;
  let best: Span | null = null;
  let nearest = 6 * pixel;
  for (const span of lane.spans) {
    const away = Math.max(0, span.start - at, at - span.end);
    // Of those at one place, an error counts.
    if (away < nearest || (best && away === nearest && span.outcome === "error")) {
      best = span;
      nearest = away;
    }
  }
  return best;
};
