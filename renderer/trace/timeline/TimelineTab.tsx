import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/notices.tsx";
import { countWords, number } from "../../ui/words.ts";
import { durationWords, wholeTime } from "../calls/times.ts";
import { chooseRow, type OpenedTrace, showRow } from "../opened.ts";
import { outcomeWords } from "../outcome.ts";
import { hasLines } from "../rows.ts";
import { onlyAtMost } from "../summary/functions.ts";
import { useWidth } from "../useWidth.ts";
import { type Lane, type Picture, type Span, spanAt } from "./draw.ts";
import { LaneCanvas } from "./LaneCanvas.tsx";
import { panned, type Range, ticks, zoomed } from "./range.ts";
import { useTimeline } from "./useTimeline.ts";
import "./timeline.css";

/** One turn of the wheel, one press of a key. */
const zoomStep = 1.3;
const panStep = 0.2;
/** Pixels that the words at a line of the scale take; where they would be cut there are none. */
const tickWidth = 64;
const noLanes: readonly Lane[] = [];

/** A lane for each thread, a bar for each call; what falls on one pixel is one bar. */
export const TimelineTab = ({ trace }: { trace: OpenedTrace }) => {
  const [range, setRange] = useState<Range | null>(null);
  const [area, width] = useWidth();
  const [chosen, setChosen] = useState<{ lane: number; span: Span } | null>(null);
  const legend = useRef<HTMLUListElement>(null);
  const drag = useRef<{ x: number; range: Range; moved: boolean } | null>(null);
  const { first, length, shown, error } = useTimeline(trace, range, width, trace.filter);
  const now = useMemo(() => range ?? { start: 0, length: Math.max(1, length) }, [range, length]);
  const lanes = shown?.lanes ?? noLanes;
  const rowWord = hasLines(trace.files) ? "row" : "call";
  const chosenRow = chosen?.span.row ?? trace.row;
  const picture = useMemo<Picture>(
    () => ({ lanes, zero: shown?.zero ?? 0, range: now, chosenRow, width }),
    [lanes, shown, now, chosenRow, width],
  );

  useEffect(() => {
    if (range && length > 0 && range.length >= length) setRange(null);
  }, [range, length]);

  const zoom = (factor: number, at: number) => setRange(zoomed(now, length, factor, at));
  const choose = (lane: number, span: Span) => {
    setChosen({ lane, span });
    chooseRow(trace.id, span.row);
  };
  const step = (by: number) => {
    const lane = chosen?.lane ?? 0;
    const spans = lanes[lane]?.spans ?? [];
    const at = chosen ? spans.findIndex(({ row }) => row === chosen.span.row) : -1;
    const next = spans[Math.max(0, Math.min(spans.length - 1, at + by))];
    if (next) choose(lane, next);
  };
  const change = (by: number) => {
    const lane = Math.max(0, Math.min(lanes.length - 1, (chosen?.lane ?? -by) + by));
    const start = chosen?.span.start ?? 0;
    const spans = lanes[lane]?.spans ?? [];
    const next = spans.find((span) => span.start >= start) ?? spans.at(-1);
    if (next) choose(lane, next);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      w: () => zoom(1 / zoomStep, 0.5),
      "+": () => zoom(1 / zoomStep, 0.5),
      s: () => zoom(zoomStep, 0.5),
      "-": () => zoom(zoomStep, 0.5),
      a: () => setRange(panned(now, length, -panStep)),
      d: () => setRange(panned(now, length, panStep)),
      "0": () => setRange(null),
      ArrowRight: () => step(1),
      ArrowLeft: () => step(-1),
      ArrowDown: () => change(1),
      ArrowUp: () => change(-1),
      Enter: () => chosen && showRow(trace.id, chosen.span.row),
    };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  };
  const placeOf = (event: { clientX: number; clientY: number }) => {
    const box = area.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const onMove = (event: PointerEvent) => {
    if (!drag.current || width === 0) return;
    const by = event.clientX - drag.current.x;
    if (Math.abs(by) > 3) drag.current.moved = true;
    if (drag.current.moved) setRange(panned(drag.current.range, length, -by / width));
  };
  const onUp = (event: PointerEvent) => {
    const moved = drag.current?.moved;
    drag.current = null;
    if (moved) return;
    const { x, y } = placeOf(event);
    const span = spanAt(picture, x, y);
    const lane = lanes.findIndex((one) => span !== null && one.spans.includes(span));
    if (span && lane >= 0) choose(lane, span);
  };
  if (error)
    return (
      <div className="work-body">
        <ErrorNotice error={error.data} />
      </div>
    );
  if (shown && first === null)
    return (
      <div className="work-body">
        <p className="muted">
          {trace.filter === ""
            ? "This log has no times, so there is no timeline of it."
            : "No call with a time passes the filter of the calls."}
        </p>
      </div>
    );
  return (
    <div className="timeline">
      <div className="timeline-bar">
        <ul className="legend" ref={legend} aria-label="Colours">
          {(["ok", "expected", "warning", "error"] as const).map((outcome) => (
            <li key={outcome}>
              <span className={`swatch ${outcome}`} data-colour={outcome} /> {outcomeWords[outcome].word}
            </li>
          ))}
          <li hidden>
            <span className="swatch none" data-colour="none" />
            <span className="swatch line" data-colour="line" />
            <span className="swatch chosen" data-colour="chosen" />
          </li>
        </ul>
        {onlyAtMost(trace.files) ? (
          <span className="muted truncate" title="This log has starting times only.">
            bars end where the next call begins, at the latest
          </span>
        ) : null}
        {trace.filter === "" ? null : (
          <span className="muted truncate">
            only <code>{trace.filter}</code>
          </span>
        )}
        <span className="spring" />
        <Button small label="Zoom in (W)" onPress={() => zoom(1 / zoomStep, 0.5)}>
          +
        </Button>
        <Button small label="Zoom out (S)" onPress={() => zoom(zoomStep, 0.5)}>
          −
        </Button>
        <Button small onPress={() => setRange(null)} disabled={range === null}>
          All
        </Button>
      </div>
      <div className="timeline-main">
        <div className="scale" aria-hidden="true">
          {ticks(now).map((tick) => {
            const x = ((tick - now.start) / now.length) * width;
            return (
              <span key={tick} style={{ left: `${x}px` }}>
                {x + tickWidth > width ? "" : tick === 0 ? "0" : `+${durationWords(tick)}`}
              </span>
            );
          })}
        </div>
        <ol className="lane-names" aria-label="Threads">
          {lanes.map(({ process, thread, spans }) => (
            <li key={`${process} ${thread}`}>
              <span className="truncate">{laneName(process, thread)}</span>
              <span className="muted truncate">{laneWords(process, spans, rowWord)}</span>
            </li>
          ))}
        </ol>
        <div
          className="lanes"
          ref={area}
          role="application"
          aria-label={`Timeline of ${countWords(lanes.length, "thread")}`}
          aria-describedby="timeline-keys timeline-chosen"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it has keys of its own, told below it
          tabIndex={0}
          onKeyDown={onKey}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.current = { x: event.clientX, range: now, moved: false };
          }}
          onPointerMove={onMove}
          onPointerUp={onUp}
          onDoubleClick={(event) => {
            const { x, y } = placeOf(event);
            const span = spanAt(picture, x, y);
            if (span) showRow(trace.id, span.row);
          }}
        >
          <LaneCanvas
            picture={picture}
            legend={legend}
            onWheel={(delta, at) => zoom(delta > 0 ? zoomStep : 1 / zoomStep, at)}
          />
        </div>
      </div>
      <div className="timeline-foot">
        <p id="timeline-chosen" role="status">
          {chosen ? (
            <>
              <strong>{chosen.span.name}</strong> row {number(chosen.span.row)},{" "}
              {outcomeWords[chosen.span.outcome].word}, {durationWords(chosen.span.end - chosen.span.start)}
              {chosen.span.calls > 1 ? `, ${countWords(chosen.span.calls, rowWord)} in one bar` : ""}{" "}
            </>
          ) : (
            <span className="muted">
              {first === null ? "" : `${wholeTime(String(BigInt(first) + BigInt(Math.round(now.start))))}, `}
              {durationWords(now.length)} in sight{" "}
            </span>
          )}
        </p>
        {chosen ? (
          <Button small onPress={() => showRow(trace.id, chosen.span.row)}>
            Show among the calls
          </Button>
        ) : null}
        <span className="spring" />
        <p id="timeline-keys" className="muted">
          W S zoom · A D pan · 0 all · arrows go from call to call · Enter shows it
        </p>
      </div>
    </div>
  );
};

const laneName = (process: number | null, thread: string): string =>
  thread !== "" ? `thread ${thread}` : process === null ? "all threads" : `process ${process}`;

const laneWords = (process: number | null, spans: Lane["spans"], rowWord: string): string => {
  const calls = spans.reduce((sum, span) => sum + span.calls, 0);
  const bad = spans.filter(({ outcome }) => outcome === "error").length;
  return [
    countWords(calls, rowWord),
    bad > 0 ? countWords(bad, "bar with errors", "bars with errors") : "",
    process === null ? "" : `process ${process}`,
  ]
    .filter(Boolean)
    .join(", ");
};
