import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { HandleStory, TraceField } from "../../../preload/contract/trace.ts";
import { CommandLine } from "../../ui/CommandLine.tsx";
import { Badge } from "../../ui/notices.tsx";
import { countWords, fileName, number } from "../../ui/words.ts";
import { durationOf, wholeTime } from "../calls/times.ts";
import { type OpenedTrace, showRow } from "../opened.ts";
import { markWords, outcomeWords } from "../outcome.ts";
import { BytesView } from "./BytesView.tsx";
import { FieldTree } from "./FieldTree.tsx";
import { RevealDialog } from "./RevealDialog.tsx";

type Call = Output<"trace.call">;

const outcomeLook = { ok: "good", expected: undefined, warning: "warn", error: "danger", none: undefined } as const;

/** One record: what it says, what it means here, what belongs to it. */
export const CallDetail = ({ trace, data }: { trace: OpenedTrace; data: Call }) => {
  const { call, bytes } = data;
  const [linked, setLinked] = useState<string | null>(null);
  const [revealed, setRevealed] = useState<TraceField | null>(null);
  return (
    <>
      <div className="call-detail">
        <header>
          <h2>{call.name}</h2>
          {call.rv !== null ? (
            <Badge look={outcomeLook[call.outcome]}>
              {outcomeWords[call.outcome].sign} {call.rv}
            </Badge>
          ) : null}
          {call.marks.map((mark) => (
            <Badge
              key={mark}
              look={markWords[mark].look === "danger" ? "danger" : "warn"}
              title={markWords[mark].about}
            >
              {markWords[mark].title}
            </Badge>
          ))}
        </header>
        <p className="muted call-facts">{factsOf(trace, call)}</p>
        <Explained data={data} />
        <h3>Arguments</h3>
        <FieldTree fields={call.fields} linked={linked} onLink={setLinked} onReveal={setRevealed} />
        {data.operation.length > 0 ? <Operation trace={trace} data={data} /> : null}
        {data.handles.map((story) => (
          <Story key={`${story.kind} ${story.handle}`} trace={trace} story={story} here={call.row} />
        ))}
        {data.equivalents.length > 0 ? <Equivalents commands={data.equivalents} /> : null}
      </div>
      <BytesView bytes={bytes} fields={call.fields} linked={linked} onLink={setLinked} />
      {revealed ? (
        <RevealDialog trace={trace.id} row={call.row} field={revealed} onClose={() => setRevealed(null)} />
      ) : null}
    </>
  );
};

const factsOf = (trace: OpenedTrace, call: Call["call"]): string =>
  [
    `Row ${number(call.row)}`,
    call.number === null ? "" : `number ${call.number} in the log`,
    call.time === null ? "no time in the log" : wholeTime(call.time),
    durationOf(call) === "–" ? "duration unknown" : durationOf(call),
    call.process === null ? "" : `process ${call.process}`,
    call.thread === null ? "" : `thread ${call.thread}`,
    call.session === null ? "" : `session ${call.session}`,
    trace.files.length > 1 ? fileName(trace.files[call.file]?.path ?? "") : "",
  ]
    .filter(Boolean)
    .join(" · ");

const Explained = ({ data: { explanation, call } }: { data: Call }) => {
  const { purpose, meaning, here, remedy, source } = explanation;
  if (!purpose && !meaning && !here) return null;
  const look = outcomeLook[explanation.outcome];
  return (
    <section className="explained" aria-label="Explanation">
      {meaning || here || remedy ? (
        <div className={`notice ${look === "danger" || look === "warn" ? look : ""}`}>
          {here ? <p>{here}</p> : null}
          {remedy ? (
            <p>
              <strong>What to do:</strong> {remedy}
            </p>
          ) : null}
          {meaning ? (
            <p className={here || remedy ? "in-general" : ""}>
              {call.rv ? <code>{call.rv}</code> : null} {meaning}
            </p>
          ) : null}
        </div>
      ) : null}
      {purpose ? (
        <p className="muted">
          {purpose} {source ? <span className="source">({source})</span> : null}
        </p>
      ) : null}
    </section>
  );
};

const Operation = ({ trace, data: { operation, call } }: { trace: OpenedTrace; data: Call }) => (
  <>
    <h3>Operation</h3>
    <ol className="row-links">
      {operation.map(({ row, name }) => (
        <li key={row}>
          {row === call.row ? (
            <strong>
              {name} <span className="muted">this row</span>
            </strong>
          ) : (
            <RowLink trace={trace} row={row}>
              {name}
            </RowLink>
          )}
        </li>
      ))}
    </ol>
  </>
);

const Story = ({ trace, story, here }: { trace: OpenedTrace; story: HandleStory; here: number }) => (
  <>
    <h3>
      {story.kind === "session" ? "Session" : "Object"} {story.handle}
    </h3>
    {story.about ? <p>{story.about}</p> : null}
    {story.events.length === 0 ? <p className="muted">Nothing else in this trace is about it.</p> : null}
    <ol className="row-links">
      {story.events.map(({ row, what, name }) => (
        <li key={`${row} ${what}`}>
          <span className="what">{what}</span>
          {row === here ? (
            <strong>
              {name} <span className="muted">this row</span>
            </strong>
          ) : (
            <RowLink trace={trace} row={row}>
              {name}
            </RowLink>
          )}
        </li>
      ))}
    </ol>
    {story.more > 0 ? <p className="muted">and {countWords(story.more, "further use")}</p> : null}
  </>
);

const RowLink = ({ trace, row, children }: { trace: OpenedTrace; row: number; children: string }) => (
  <button type="button" className="row-link" onClick={() => showRow(trace.id, row)}>
    {children} <span className="muted">row {number(row)}</span>
  </button>
);

const Equivalents = ({ commands }: { commands: string[] }) => (
  <>
    <h3>Equivalent command</h3>
    {commands.map((command) => (
      <CommandLine key={command} text={command} />
    ))}
  </>
);
