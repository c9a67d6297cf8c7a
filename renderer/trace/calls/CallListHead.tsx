import { Cell } from "./Cell.tsx";
import type { TimeStyle } from "./times.ts";

const next: Record<TimeStyle, TimeStyle> = { clock: "relative", relative: "delta", delta: "clock" };
const words: Record<TimeStyle, { title: string; about: string }> = {
  clock: { title: "Time", about: "Time of day" },
  relative: { title: "Since start", about: "Seconds since the first row" },
  delta: { title: "Since last", about: "Seconds since the row before in this list" },
};

/** Names of the columns; the one of the time changes how it is written. */
export const CallListHead = ({ style, onStyle }: { style: TimeStyle; onStyle(style: TimeStyle): void }) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus
  <div className="call-line call-head" role="row" aria-rowindex={1}>
    <Cell head name="c-number">
      No.
    </Cell>
    <Cell head name="c-time">
      <button
        type="button"
        tabIndex={-1}
        title={`${words[style].about}. Press to change (T).`}
        onClick={() => onStyle(next[style])}
      >
        {words[style].title} <span aria-hidden="true">⇄</span>
      </button>
    </Cell>
    <Cell head name="c-duration">
      Duration
    </Cell>
    <Cell head name="c-thread">
      Thread
    </Cell>
    <Cell head name="c-name">
      Function
    </Cell>
    <Cell head name="c-session">
      Session
    </Cell>
    <Cell head name="c-summary">
      Arguments
    </Cell>
    <Cell head name="c-rv">
      Result
    </Cell>
  </div>
);

export const nextTimeStyle = (style: TimeStyle): TimeStyle => next[style];
