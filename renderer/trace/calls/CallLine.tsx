import { memo } from "react";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { number } from "../../ui/words.ts";
import { markWords, outcomeWords } from "../outcome.ts";
import { ReturnCode } from "../ReturnCode.tsx";
import { Cell } from "./Cell.tsx";
import { barOf, durationOf, wholeTime } from "./times.ts";

/** A level is indented by so many pixels; the deepest leave most of the column to the name. */
const levelPixels = 10;
const mostIndent = "38%";

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
  /** What stands around the rows is not in the list: how deep they are is no use. */
  flat: boolean;
}

const indent = ({ depth, kind }: TraceRow, flat: boolean) => {
  // Commands to the card stay below the calls that sent them.
  const levels = flat ? Number(kind === "apdu" && depth > 0) : depth;
  return levels > 0 ? { paddingLeft: `min(${8 + levels * levelPixels}px, ${mostIndent})` } : undefined;
};

/** That only its beginning was recorded goes without saying of a call that did not return. */
const shownMarks = (marks: TraceRow["marks"]): TraceRow["marks"] =>
  marks.includes("no-return") || marks.includes("running") ? marks.filter((mark) => mark !== "begin-only") : marks;

/** One row of the list. Drawn anew only when something of it is another. */
export const CallLine = memo(({ id, position, y, row, time, thread, chosen, flat }: LineProperties) => {
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
      <Cell name="c-name truncate" style={indent(row, flat)}>
        {row.name}
      </Cell>
      <Cell name="c-session truncate">{row.session ?? ""}</Cell>
      <Cell name="c-summary">
        <span className="truncate">{row.summary}</span>
        {shownMarks(row.marks).map((mark) => (
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
