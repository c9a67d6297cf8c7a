import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useId } from "react";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { copyText } from "../../ui/copy.ts";
import type { OpenedTrace } from "../opened.ts";
import { hasLines } from "../rows.ts";
import { CallLine } from "./CallLine.tsx";
import { CallListHead } from "./CallListHead.tsx";
import { lineText } from "./line-text.ts";
import type { RowPages } from "./row-pages.ts";
import { scrollHeight } from "./scrolling.ts";
import { clockTime, distance, type TimeStyle } from "./times.ts";
import type { Scrolling } from "./useScrolling.ts";

/** Height of a line and of the head in CSS pixels; calls.css has the same. */
export const lineHeight = 24;
export const headHeight = 26;
/** Rows by which the layer's origin moves: lines keep their place in it, and need not be drawn anew. */
const layerStep = 1000;

interface ListProperties {
  trace: OpenedTrace;
  pages: RowPages;
  scrolling: Scrolling;
  scroller: RefObject<HTMLDivElement | null>;
  timeStyle: TimeStyle;
  onTimeStyle(style: TimeStyle): void;
  /** Position of the chosen row in this list; null: not in it. */
  at: number | null;
  onChoose(row: TraceRow, position: number): void;
  /** Keys that lead to a position whose row may not be here yet. */
  onGo(position: number): void;
  onOpen(): void;
  onMenu(row: TraceRow, place: { x: number; y: number }): void;
}

/**
 * Millions of rows: only what is in sight is in the document. One tab stop; the grid keeps the focus and names its
 * active line (WAI-ARIA grid with aria-activedescendant).
 */
export const CallList = (properties: ListProperties) => {
  const { trace, pages, scrolling, scroller, at } = properties;
  const id = useId();
  const { top, view } = scrolling;
  const count = pages.matched;
  const from = Math.max(0, Math.floor(top / lineHeight));
  const to = Math.min(count, Math.ceil((top + view) / lineHeight) + 1);
  useEffect(() => pages.want(Math.max(0, from - 20), to + 20));

  const origin = Math.floor(from / layerStep) * layerStep;
  const pool = Math.ceil(view / lineHeight) + 2;
  const threads = threadWords(trace);
  const firstTime = trace.first.find(({ time }) => time !== null)?.time ?? null;

  const timeOf = (row: TraceRow, position: number): string => {
    if (row.time === null) return "";
    if (properties.timeStyle === "clock") return clockTime(row.time);
    if (properties.timeStyle === "relative") return firstTime === null ? "" : distance(firstTime, row.time);
    const before = pages.at(position - 1)?.time ?? null;
    return before === null ? "" : distance(before, row.time);
  };

  const onKey = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view / lineHeight) - 2);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count,
      End: count,
    };
    const control = event.ctrlKey || event.metaKey;
    const step = steps[event.key];
    const row = at === null ? undefined : pages.at(at);
    if (step !== undefined && !event.altKey && count > 0)
      properties.onGo(Math.max(0, Math.min(count - 1, (at ?? (step > 0 ? from - 1 : from)) + step)));
    else if (control && event.key === "c" && row) void copyText(lineText(row), "Row");
    else if (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) {
      const box = row && document.getElementById(`${id}-${at}`)?.getBoundingClientRect();
      if (row && box) properties.onMenu(row, { x: box.left + 240, y: box.bottom });
    } else if (event.key === "Enter" && !control) properties.onOpen();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const rowAt = (event: MouseEvent): [TraceRow, number] | null => {
    const line = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-position]") : null;
    const position = Number(line?.dataset["position"] ?? -1);
    const row = position < 0 ? undefined : pages.at(position);
    return row ? [row, position] : null;
  };
  const flat = trace.only && trace.filter !== "";
  const lines = Array.from({ length: Math.max(0, to - from) }, (_, i) => {
    const position = from + i;
    const row = pages.at(position);
    return (
      <CallLine
        // A line that leaves at one end is the line that comes in at the other.
        key={position % pool}
        id={`${id}-${position}`}
        position={position}
        y={(position - origin) * lineHeight}
        row={row}
        time={row ? timeOf(row, position) : ""}
        thread={row ? threads(row) : ""}
        chosen={position === at}
        flat={flat}
      />
    );
  });
  return (
    <div
      className={`call-list ${hasLines(trace.files) ? "has-lines" : ""}`}
      role="grid"
      aria-label="Calls"
      aria-rowcount={count + 1}
      aria-activedescendant={at !== null && at >= from && at < to && pages.at(at) ? `${id}-${at}` : undefined}
      aria-busy={!pages.known}
      tabIndex={0}
      ref={scroller}
      onKeyDown={onKey}
      onContextMenu={(event) => {
        const hit = rowAt(event);
        if (!hit) return;
        event.preventDefault();
        properties.onChoose(...hit);
        properties.onMenu(hit[0], { x: event.clientX, y: event.clientY });
      }}
    >
      <CallListHead style={properties.timeStyle} onStyle={properties.onTimeStyle} />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of all lines */}
      <div
        className="call-space"
        role="rowgroup"
        style={{ height: scrollHeight({ count, line: lineHeight, view }) }}
        onMouseDown={(event) => {
          // The grid keeps the focus: its lines come and go.
          event.preventDefault();
          scroller.current?.focus();
        }}
        onClick={(event) => {
          const hit = rowAt(event);
          if (hit) properties.onChoose(...hit);
        }}
        onDoubleClick={properties.onOpen}
      >
        <div
          className="call-view"
          role="presentation"
          style={{ height: Math.min(view, Math.max(0, count * lineHeight)) }}
        >
          <div
            className="call-layer"
            role="presentation"
            style={{ transform: `translateY(${Math.round(origin * lineHeight - top)}px)` }}
          >
            {lines}
          </div>
        </div>
      </div>
    </div>
  );
};

/** The process is named where there is more than one; a thread alone by itself has its process's number. */
const threadWords = ({ files, live }: OpenedTrace): ((row: TraceRow) => string) => {
  const several = live || new Set(files.flatMap(({ process }) => process ?? [])).size > 1;
  return ({ process, thread }) => {
    if (process === null) return thread ?? "";
    if (thread === null || thread === String(process)) return String(process);
    return several ? `${process} / ${thread}` : thread;
  };
};
