import { useState } from "react";
import type { LoginEvent } from "../../../preload/contract/trace.ts";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { countWords, fileName } from "../../ui/words.ts";
import { clockTime, durationOf, wholeTime } from "../calls/times.ts";
import { outcomeWords } from "../outcome.ts";
import { tokenOf } from "./lanes.ts";
import { flagsWords, functionWords, userWords } from "./words.ts";

/** Lines that are shown at once; more on request. */
const portion = 300;

/** One line per event; a click anywhere on it shows the call. */
export const LoginTable = ({ events, onRow }: { events: readonly LoginEvent[]; onRow(row: number): void }) => {
  const [limit, setLimit] = useState(portion);
  const several = new Set(events.map(tokenOf)).size > 1;
  return (
    <>
      <table className="plain-table logins">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Program</th>
            <th scope="col">What</th>
            <th scope="col">Result</th>
            <th scope="col" className="flags">
              PIN state before → after
            </th>
            <th scope="col" className="number duration">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {events.slice(0, limit).map((event) => (
            <tr key={event.row} className="login-line">
              <td className="nowrap">
                <button
                  type="button"
                  className="row-link mono"
                  title={event.time === null ? undefined : wholeTime(event.time)}
                  aria-label={`Show row ${event.row}: ${event.function}`}
                  onClick={() => onRow(event.row)}
                >
                  {event.time === null ? `row ${event.row}` : clockTime(event.time).slice(0, 12)}
                </button>
              </td>
              <td title={event.program ?? undefined}>
                {event.program === null ? <span className="muted">not known</span> : fileName(event.program)}
                {event.process === null ? null : <div className="muted nowrap">process {event.process}</div>}
              </td>
              <td>
                <What event={event} />
                {several ? <div className="muted">{tokenOf(event)}</div> : null}
              </td>
              <td>
                <span className={`outcome ${event.outcome}`}>
                  <span aria-hidden="true">{outcomeWords[event.outcome].sign}</span>
                  <span className="visually-hidden">{outcomeWords[event.outcome].word}</span>{" "}
                  <code>{event.rv ?? "no return code"}</code>
                </span>
                {event.meaning ? <div>{event.meaning}</div> : null}
                {event.triesLeft === null ? null : (
                  <div className="muted">{countWords(event.triesLeft, "try", "tries")} left</div>
                )}
              </td>
              <td className="flags">
                <Flags event={event} />
              </td>
              <td className="number duration">{durationOf(event)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ShowMore all={events.length} limit={limit} portion={portion} onLimit={setLimit} />
    </>
  );
};

const What = ({ event }: { event: LoginEvent }) => (
  <>
    <span>
      <code>{event.function}</code> <span>{functionWords[event.function]}</span>
    </span>
    <div className="muted">
      {[event.user === null ? null : userWords[event.user], event.how === "none" ? null : `by ${event.how}`]
        .filter(Boolean)
        .join(", ")}
    </div>
  </>
);

const Flags = ({ event: { flagsBefore, flagsAfter } }: { event: LoginEvent }) => {
  const before = flagsWords(flagsBefore);
  const after = flagsWords(flagsAfter);
  if (before === null && after === null) return <span className="muted">not read</span>;
  const title = [...(flagsBefore ?? []), "→", ...(flagsAfter ?? [])].join(" ");
  return (
    <span title={title}>
      {before ?? <span className="muted">not read</span>} <span aria-hidden="true">→</span>{" "}
      <span className="visually-hidden">then</span>
      {after ?? <span className="muted">not read</span>}
    </span>
  );
};
