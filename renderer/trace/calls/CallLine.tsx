import { memo } from "react";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { number } from "../../ui/words.ts";
import { markWords, outcomeWords } from "../outcome.ts";
import { ReturnCode } from "../ReturnCode.tsx";
import { Cell } from "./Cell.tsx";
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
      // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus
      <div className="call-line waiting" role="row" aria-rowindex={position + 2} style={place}>
        <Cell name="c-number">…</Cell>
      </div>
    );
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names the active line
    <div
      id={id}
      className={`call-line ${row.kind} is-${row.outcome}`}
      role="row"
      aria-rowindex={position + 2}
      aria-selected={chosen}
      data-position={position}
      style={place}
    >
      <Cell name="c-number">{number(row.row)}</Cell>
      <Cell name="c-time" title={row.time === null ? undefined : wholeTime(row.time)}>
        {time.slice(0, -3)}
        <span className="micro">{time.slice(-3)}</span>
      </Cell>
      <Cell name="c-duration">
        <span className="bar" aria-hidden="true">
          <span style={{ width: `${barOf(row.duration) * 100}%` }} />
        </span>
        {durationOf(row)}
      </Cell>
      <Cell name="c-thread truncate">{thread}</Cell>
      <Cell
        name="c-name truncate"
        style={row.depth > 0 ? { paddingLeft: `${8 + Math.min(row.depth, maxDepth) * 12}px` } : undefined}
      >
        {row.name}
      </Cell>
      <Cell name="c-session truncate">{row.session ?? ""}</Cell>
      <Cell name="c-summary">
        <span className="truncate">{row.summary}</span>
        {row.marks.map((mark) => (
          <span key={mark} className={`badge ${markWords[mark].look ?? ""}`} title={markWords[mark].about}>
            {markWords[mark].title}
          </span>
        ))}
      </Cell>
      <Cell name={`c-rv truncate ${row.outcome}`} title={`${row.rv ?? ""} ${outcomeWords[row.outcome].word}`.trim()}>
        <ReturnCode row={row} />
      </Cell>
    </div>
  );
});
