import { type KeyboardEvent, useState } from "react";
import type { LoginEvent } from "../../../preload/contract/trace.ts";
import { countWords } from "../../ui/words.ts";
import { clockTime, distance, wholeTime } from "../calls/times.ts";
import { outcomeWords } from "../outcome.ts";
import { useWidth } from "../useWidth.ts";
import { type Cluster, clustersOf, lanesOf, placesOf, worstOf } from "./lanes.ts";
import { functionWords, userWords } from "./words.ts";

/** Pixels that a mark takes. */
const markWidth = 26;

const signs: Partial<Record<LoginEvent["function"], string>> = {
  C_Logout: "↩",
  C_SetPIN: "✎",
  C_InitPIN: "✎",
  C_InitToken: "✦",
};

/** A line per token with a mark for each event; bars are the times in which somebody was logged in. */
export const LoginLanes = ({ events, onRow }: { events: readonly LoginEvent[]; onRow(row: number): void }) => {
  const [box, width] = useWidth();
  const place = placesOf(events);
  const { lanes, from, to } = lanesOf(events);
  return (
    <section className="section" aria-labelledby="login-lanes">
      <h2 id="login-lanes">When</h2>
      <div className="login-lanes">
        {lanes.map(({ token, events: own, spans }, index) => (
          <div key={token} className="login-lane">
            <span className="truncate" title={token}>
              {token}
            </span>
            <div ref={index === 0 ? box : undefined} className="lane-line">
              {spans.map((span) => (
                <span
                  key={`${span.from} ${span.to}`}
                  className={`lane-span ${span.open ? "open" : ""}`}
                  title={span.open ? "logged in; no logout is in the log" : "logged in"}
                  style={{
                    left: markWidth / 2 + span.from * (width - markWidth),
                    width: Math.max(2, (span.to - span.from) * (width - markWidth)),
                  }}
                />
              ))}
              <Marks token={token} clusters={clustersOf(own, place, width, markWidth)} onRow={onRow} />
            </div>
          </div>
        ))}
        <div className="login-lane muted">
          <span />
          <div className="lane-scale">
            {from !== null && to !== null ? (
              <>
                <span>{wholeTime(from)}</span>
                {from === to ? null : <span title={`${distance(from, to)} s after the first`}>{clockTime(to)}</span>}
              </>
            ) : (
              <span>The log has no times: events stand in their order.</span>
            )}
          </div>
        </div>
      </div>
    </section>
  );
};

/** One stop of the Tab key; arrow keys move from mark to mark. */
const Marks = ({ token, clusters, onRow }: { token: string; clusters: Cluster[]; onRow(row: number): void }) => {
  const [stop, setStop] = useState(0);
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const to = { ArrowRight: stop + 1, ArrowLeft: stop - 1, Home: 0, End: clusters.length - 1 }[event.key];
    if (to === undefined || !clusters[to]) return;
    event.preventDefault();
    event.currentTarget.querySelectorAll<HTMLElement>("button")[to]?.focus();
  };
  return (
    <div role="group" aria-label={`Events of ${token}`} onKeyDown={onKey}>
      {clusters.map(({ x, events }, index) => {
        const [first] = events;
        if (!first) return null;
        const worst = worstOf(events);
        const words = events.length === 1 ? eventWords(first) : clusterWords(events);
        return (
          <button
            key={first.row}
            type="button"
            className={`lane-mark ${worst}`}
            style={{ left: x - markWidth / 2 }}
            tabIndex={index === Math.min(stop, clusters.length - 1) ? 0 : -1}
            aria-label={words}
            title={words}
            onFocus={() => setStop(index)}
            onClick={() => onRow((events.find(({ outcome }) => outcome === worst) ?? first).row)}
          >
            {events.length > 1
              ? events.length
              : worst === "ok"
                ? (signs[first.function] ?? "✓")
                : outcomeWords[worst].sign}
          </button>
        );
      })}
    </div>
  );
};

const eventWords = (event: LoginEvent): string =>
  [
    `${event.user && event.function === "C_Login" ? `${userWords[event.user]} ` : ""}${functionWords[event.function]}`,
    event.rv ?? outcomeWords[event.outcome].word,
    event.time === null ? `row ${event.row}` : clockTime(event.time),
  ].join(", ");

const clusterWords = (events: readonly LoginEvent[]): string => {
  const failed = events.filter(({ outcome }) => outcome === "error").length;
  return `${countWords(events.length, "event")}${failed > 0 ? `, ${failed} failed` : ""}: ${events.slice(0, 3).map(eventWords).join("; ")}${events.length > 3 ? " …" : ""}`;
};
