import type { TimeStyle } from "./times.ts";

const next: Record<TimeStyle, TimeStyle> = { clock: "relative", relative: "delta", delta: "clock" };
const words: Record<TimeStyle, { title: string; about: string }> = {
  clock: { title: "Time", about: "Time of day" },
  relative: { title: "Since start", about: "Seconds since the first row" },
  delta: { title: "Since last", about: "Seconds since the row before in this list" },
};

/** Names of the columns; the one of the time changes how it is written. */
export const CallListHead = ({ style, onStyle }: { style: TimeStyle; onStyle(style: TimeStyle): void }) => (
  <div className="call-line call-head" role="row" tabIndex={-1} aria-rowindex={1}>
    <span role="columnheader" tabIndex={-1} className="c-number">
      No.
    </span>
    <span role="columnheader" tabIndex={-1} className="c-time">
      <button
        type="button"
        tabIndex={-1}
        title={`${words[style].about}. Press to change (T).`}
        onClick={() => onStyle(next[style])}
      >
        {words[style].title} <span aria-hidden="true">⇄</span>
      </button>
    </span>
    <span role="columnheader" tabIndex={-1} className="c-duration">
      Duration
    </span>
    <span role="columnheader" tabIndex={-1} className="c-thread">
      Thread
    </span>
    <span role="columnheader" tabIndex={-1} className="c-name">
      Function
    </span>
    <span role="columnheader" tabIndex={-1} className="c-session">
      Session
    </span>
    <span role="columnheader" tabIndex={-1} className="c-summary">
      Arguments
    </span>
    <span role="columnheader" tabIndex={-1} className="c-rv">
      Result
    </span>
  </div>
);

export const nextTimeStyle = (style: TimeStyle): TimeStyle => next[style];
