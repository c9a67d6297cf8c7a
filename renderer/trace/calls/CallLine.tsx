import { memo } from "react";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { markWords, outcomeWords } from "../outcome.ts";
import { number } from "../words.ts";
import { barOf, durationOf, wholeTime } from "./times.ts";

/** Levels that are indented; deeper ones stand with the last. */
const maxDepth = 12;

interface LineProperties {
  id: string;
  /** Place in the list, from 0. */
  position: number;
  /** Pixels from the layer's upper edge. */
  y: number;
  /** undefined while it is on its way. */
  row: TraceRow | undefined;
  time: string;
  thread: string;
  chosen: boolean;
}

/** One row of the list. Drawn anew only when something of it is another. */
export const CallLine = memo(({ id, position, y, row, time, thread, chosen }: LineProperties) => {
  const place = { transform: `translateY(${y}px)` };
  if (!row)
    return (
      <div className="call-line waiting" role="row" tabIndex={-1} aria-rowindex={position + 2} style={place}>
        <span role="gridcell" tabIndex={-1} className="c-number">
          …
        </span>
      </div>
    );
  const outcome = outcomeWords[row.outcome];
  return (
    <div
      id={id}
      className={`call-line ${row.kind} is-${row.outcome}`}
      role="row"
      tabIndex={-1}
      aria-rowindex={position + 2}
      aria-selected={chosen}
      data-position={position}
      style={place}
    >
      <span role="gridcell" tabIndex={-1} className="c-number">
        {number(row.row + 1)}
      </span>
      <span
        role="gridcell"
        tabIndex={-1}
        className="c-time"
        title={row.time === null ? undefined : wholeTime(row.time)}
      >
        {time.slice(0, -3)}
        <span className="micro">{time.slice(-3)}</span>
      </span>
      <span role="gridcell" tabIndex={-1} className="c-duration">
        <span className="bar" aria-hidden="true">
          <span style={{ width: `${barOf(row.duration) * 100}%` }} />
        </span>
        {durationOf(row)}
      </span>
      <span role="gridcell" tabIndex={-1} className="c-thread truncate">
        {thread}
      </span>
      <span
        role="gridcell"
        tabIndex={-1}
        className="c-name truncate"
        style={row.depth > 0 ? { paddingLeft: `${8 + Math.min(row.depth, maxDepth) * 12}px` } : undefined}
      >
        {row.name}
      </span>
      <span role="gridcell" tabIndex={-1} className="c-session truncate">
        {row.session ?? ""}
      </span>
      <span role="gridcell" tabIndex={-1} className="c-summary">
        <span className="truncate">{row.summary}</span>
        {row.marks.map((mark) => (
          <span key={mark} className={`badge ${markWords[mark].look ?? ""}`} title={markWords[mark].about}>
            {markWords[mark].title}
          </span>
        ))}
      </span>
      <span
        role="gridcell"
        tabIndex={-1}
        className={`c-rv truncate ${row.outcome}`}
        title={`${row.rv ?? ""} ${outcome.word}`.trim()}
      >
        <span aria-hidden="true">{outcome.sign} </span>
        {row.rv ?? ""}
        <span className="visually-hidden"> {outcome.word}</span>
      </span>
    </div>
  );
});
