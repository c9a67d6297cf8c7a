import { useState } from "react";
import type { LoginTrace } from "../../../preload/contract/trace.ts";
import { Button } from "../../ui/Button.tsx";
import { Checkbox } from "../../ui/fields.tsx";
import { Empty } from "../../ui/notices.tsx";
import { countWords, number } from "../../ui/words.ts";
import { AnalysisState } from "../AnalysisState.tsx";
import { type OpenedTrace, showRow } from "../opened.ts";
import { outcomeLook } from "../outcome.ts";
import { useAnalysis } from "../useAnalysis.ts";
import { LoginLanes } from "./LoginLanes.tsx";
import { LoginTable } from "./LoginTable.tsx";
import "./logins.css";

/** Every login, logout and PIN change: who locked a token above, when on a line, all of them in a table. */
export const LoginsTab = ({ trace }: { trace: OpenedTrace }) => {
  const answer = useAnalysis("trace.logins", trace);
  const [failures, setFailures] = useState(false);
  const { data } = answer;
  const onRow = (row: number) => showRow(trace.id, row);
  if (data && data.events.length === 0 && trace.progress.state !== "indexing")
    return (
      <Empty title="No logins in this trace">
        <p>
          No program logged in, logged out, or set a PIN
          {trace.live ? " so far. As soon as one does, it is shown here." : ", or the log does not have these calls."}
        </p>
      </Empty>
    );
  const failed = data?.events.filter(({ outcome }) => outcome === "error" || outcome === "warning") ?? [];
  return (
    <div className="work-body">
      <AnalysisState trace={trace} answer={answer} />
      {data && data.events.length > 0 ? (
        <>
          <Verdicts verdicts={data.verdicts} onRow={onRow} />
          <LoginLanes events={data.events} onRow={onRow} />
          <section className="section" aria-labelledby="login-table">
            <div className="section-head">
              <h2 id="login-table">Logins and PIN changes</h2>
              <span className="muted" role="status">
                {countWords(data.events.length, "event")}, {number(failed.length)} failed
              </span>
              <span className="spring" />
              <Checkbox label="Only failed" value={failures} onChange={setFailures} disabled={failed.length === 0} />
            </div>
            <LoginTable events={failures && failed.length > 0 ? failed : data.events} onRow={onRow} />
          </section>
        </>
      ) : null}
    </div>
  );
};

/** One sentence per token: who locked it, or how near it is to that. */
const Verdicts = ({ verdicts, onRow }: { verdicts: LoginTrace["verdicts"]; onRow(row: number): void }) => (
  <ul className="verdicts" aria-label="Who locked the token">
    {verdicts.map(({ token, text, row, outcome }) => (
      <li key={`${token} ${text}`} className={`notice ${outcomeLook[outcome] ?? ""}`}>
        <div>
          <strong>{token}</strong> <span>{text}</span>
        </div>
        {row === null ? null : (
          <Button small onPress={() => onRow(row)} label={`Show row ${row}`}>
            Row {number(row)}
          </Button>
        )}
      </li>
    ))}
  </ul>
);
