import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { HandleStory, TraceField } from "../../../preload/contract/trace.ts";
import { CommandLine } from "../../ui/CommandLine.tsx";
import { Badge } from "../../ui/notices.tsx";
import { countWords, fileName, number } from "../../ui/words.ts";
import { durationOf, wholeTime } from "../calls/times.ts";
import type { OpenedTrace } from "../opened.ts";
import { markWords, outcomeLook, outcomeWords } from "../outcome.ts";
import { RowLink } from "../RowLink.tsx";
import { BytesView } from "./BytesView.tsx";
import { FieldTree } from "./FieldTree.tsx";
import { RevealDialog } from "./RevealDialog.tsx";

type Call = Output<"trace.call">;

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
        {call.fields.length === 0 && call.summary !== "" ? <p>{call.summary}</p> : null}
        {call.fields.length === 0 && call.kind === "note" ? null : (
          <h3>{call.kind === "call" || call.kind === "apdu" ? "Arguments" : "Contents"}</h3>
        )}
        {call.fields.length === 0 && call.kind === "note" ? null : (
          <FieldTree fields={call.fields} linked={linked} onLink={setLinked} onReveal={setRevealed} />
        )}
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
          <Step trace={trace} row={row} name={name} here={call.row} />
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
          <Step trace={trace} row={row} name={name} here={here} />
        </li>
      ))}
    </ol>
    {story.more > 0 ? <p className="muted">and {countWords(story.more, "further use")}</p> : null}
  </>
);

/** A call among those that belong to the one shown. */
const Step = ({ trace, row, name, here }: { trace: OpenedTrace; row: number; name: string; here: number }) =>
  row === here ? (
    <strong>
      {name} <span className="muted">this row</span>
    </strong>
  ) : (
    <RowLink trace={trace.id} row={row} name={name} />
  );

const Equivalents = ({ commands }: { commands: string[] }) => (
  <>
    <h3>Equivalent command</h3>
    {commands.map((command) => (
      <CommandLine key={command} text={command} />
    ))}
  </>
);
