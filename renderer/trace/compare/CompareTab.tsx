import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { call, type RequestError } from "../../client/call.ts";
import { Button } from "../../ui/Button.tsx";
import { Elapsed } from "../../ui/Elapsed.tsx";
import { Select } from "../../ui/fields.tsx";
import { Empty, ErrorNotice, Notice } from "../../ui/notices.tsx";
import { countWords } from "../../ui/words.ts";
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
  const other = others.find(({ id }) => id === chosen) ?? others[0];
  const { data, error } = useQuery<Compared, RequestError>({
    queryKey: ["trace.compare", trace.id, other?.id, trace.progress.state, other?.progress.state],
    queryFn: () => call("trace.compare", { left: trace.id, right: other?.id ?? "" }),
    enabled: other !== undefined,
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
          onChange={setChosen}
        />
      </div>
      {error ? <ErrorNotice error={error.data} /> : null}
      {!data && !error ? (
        <p className="muted" role="status">
          Comparing <Elapsed />
        </p>
      ) : null}
      {data ? <Outcome left={trace} right={other} data={data} /> : null}
    </div>
  );
};

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
