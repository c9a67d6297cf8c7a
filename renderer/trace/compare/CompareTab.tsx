import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { call, type RequestError } from "../../client/call.ts";
import { Button } from "../../ui/Button.tsx";
import { Elapsed } from "../../ui/Elapsed.tsx";
import { Select } from "../../ui/fields.tsx";
import { Empty, ErrorNotice, Notice } from "../../ui/notices.tsx";
import { countWords, fileName, number } from "../../ui/words.ts";
import { type OpenedTrace, showTrace, useTraces } from "../opened.ts";
import { outcomeWords } from "../outcome.ts";
import { ReturnCode } from "../ReturnCode.tsx";
import { RowLink } from "../RowLink.tsx";
import "./compare.css";

type Compared = Output<"trace.compare">;
type Step = Compared["steps"][number];

/** This trace beside another opened one: works with the one program, fails with the other. */
export const CompareTab = ({ trace }: { trace: OpenedTrace }) => {
  const { traces } = useTraces();
  const others = traces.filter(({ id }) => id !== trace.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const [parts, setParts] = useState<{ left?: string; right?: string }>({});
  const [from, setFrom] = useState(0);
  const other = others.find(({ id }) => id === chosen) ?? others[0];
  const { data, error } = useQuery<Compared, RequestError>({
    queryKey: ["trace.compare", trace.id, other?.id, trace.progress.state, other?.progress.state, parts, from],
    queryFn: () =>
      call("trace.compare", {
        left: trace.id,
        right: other?.id ?? "",
        leftPart: parts.left,
        rightPart: parts.right,
        from,
        limit: pageSteps,
      }),
    enabled: other !== undefined,
    placeholderData: (before, query) => (query?.queryKey[2] === other?.id ? before : undefined),
    gcTime: 30_000,
  });
  if (!other)
    return (
      <Empty
        title="Nothing to compare with"
        actions={<Button onPress={() => showTrace(null)}>To the recordings</Button>}
      >
        <p>
          Open a second trace, of another program or another run: both are shown side by side, and the first place where
          they part. Handles, pointers, processes and times are no difference.
        </p>
      </Empty>
    );
  return (
    <div className="work-body compare">
      <div className="compare-with">
        <Select
          label={`Compare ${trace.title} with`}
          value={other.id}
          choices={others.map(({ id, title, progress }) => ({
            value: id,
            title,
            description: countWords(progress.rows, "row"),
          }))}
          onChange={(id) => {
            setChosen(id);
            setParts((now) => (now.left === undefined ? {} : { left: now.left }));
            setFrom(0);
          }}
        />
        {data
          ? (["left", "right"] as const).map((side) => (
              <PartChoice
                key={side}
                title={side === "left" ? trace.title : other.title}
                side={data[side]}
                onChange={(key) => {
                  setParts((now) => ({ ...now, [side]: key }));
                  setFrom(0);
                }}
              />
            ))
          : null}
      </div>
      {error ? <ErrorNotice error={error.data} /> : null}
      {!data && !error ? (
        <p className="muted" role="status">
          Comparing <Elapsed />
        </p>
      ) : null}
      {data ? <Outcome left={trace} right={other} data={data} /> : null}
      {data ? <Pages from={from} total={data.total} onFrom={setFrom} /> : null}
    </div>
  );
};

/** Steps in the table at once. */
const pageSteps = 500;

/** Which process or thread of a trace is compared; nothing to choose where there is one. */
const PartChoice = ({
  title,
  side: { part, parts },
  onChange,
}: {
  title: string;
  side: Compared["left"];
  onChange(key: string): void;
}) =>
  parts.length < 2 ? null : (
    <Select
      label={`Calls of ${title}`}
      value={part}
      choices={parts.map(({ key, process, program, thread, calls }) => ({
        value: key,
        title: [
          program === null ? "" : fileName(program),
          process === null ? "" : `process ${process}`,
          threadWords(thread),
        ]
          .filter(Boolean)
          .join(", "),
        description: countWords(calls, "call"),
      }))}
      onChange={onChange}
    />
  );

const threadWords = (thread: string | null): string =>
  thread === null ? "" : thread === "" ? "thread not named" : `thread ${thread}`;

/** Ways through a long list of differences. */
const Pages = ({ from, total, onFrom }: { from: number; total: number; onFrom(from: number): void }) =>
  total <= pageSteps ? null : (
    <p className="compare-pages">
      <Button small disabled={from === 0} onPress={() => onFrom(Math.max(0, from - pageSteps))}>
        Earlier
      </Button>
      <span className="muted">
        {number(from + 1)} to {number(Math.min(total, from + pageSteps))} of {number(total)} rows with differences and
        what is around them
      </span>
      <Button small disabled={from + pageSteps >= total} onPress={() => onFrom(from + pageSteps)}>
        Later
      </Button>
    </p>
  );

const Outcome = ({ left, right, data }: { left: OpenedTrace; right: OpenedTrace; data: Compared }) => {
  const { same, first, steps } = data;
  const isFirst = (step: Step) =>
    first !== null &&
    step.difference !== "" &&
    (step.left?.row ?? null) === first.left &&
    (step.right?.row ?? null) === first.right;
  return (
    <>
      {first ? (
        <Notice look="warn" title="The two part here">
          <p>{first.why}</p>
          <p className="muted">{countWords(same, "call is", "calls are")} alike.</p>
        </Notice>
      ) : (
        <Notice look="good" title="The two are alike">
          <p>{countWords(same, "call")}, apart from handles, pointers, processes and times.</p>
        </Notice>
      )}
      <table className="plain-table compare-table">
        <thead>
          <tr>
            <th scope="col">{left.title}</th>
            <th scope="col">{right.title}</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr
              key={`${step.left?.row ?? "-"} ${step.right?.row ?? "-"}`}
              className={`${step.difference ? "differs" : ""} ${isFirst(step) ? "first" : ""}`}
            >
              <Side trace={left} row={step.left} />
              <Side trace={right} row={step.right} />
              <td>
                {isFirst(step) ? <strong>First difference: </strong> : null}
                {step.difference}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {steps.length === 0 ? <p className="muted">There is no call in either.</p> : null}
    </>
  );
};

const Side = ({ trace, row }: { trace: OpenedTrace; row: TraceRow | null }) => {
  if (!row) return <td className="absent muted">no such call</td>;
  return (
    <td>
      <RowLink trace={trace.id} row={row.row} name={row.name} />
      <span className={`c-rv ${row.outcome}`} title={outcomeWords[row.outcome].word}>
        <ReturnCode row={row} />
      </span>
      <p className="muted">{row.summary}</p>
    </td>
  );
};
