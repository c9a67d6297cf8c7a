import type { TraceSummary } from "../../../preload/contract/trace.ts";
import { Empty } from "../../ui/notices.tsx";
import { fileName, number } from "../../ui/words.ts";
import { AnalysisState } from "../AnalysisState.tsx";
import { quoted } from "../calls/filter-text.ts";
import { clockTime, wholeTime } from "../calls/times.ts";
import { type OpenedTrace, patchTrace, showFiltered, showRow } from "../opened.ts";
import { useAnalysis } from "../useAnalysis.ts";
import { Figures } from "./Figures.tsx";
import { Findings } from "./Findings.tsx";
import { FunctionTable } from "./FunctionTable.tsx";
import { onlyAtMost } from "./functions.ts";
import "./summary.css";

/** Programs, functions, return codes, findings. */
export const SummaryTab = ({ trace }: { trace: OpenedTrace }) => {
  const answer = useAnalysis("trace.statistics", trace);
  const { data } = answer;
  const isEmpty = data && data.functions.length + data.commands.length + data.findings.length === 0;
  if (isEmpty && trace.progress.state !== "indexing")
    return (
      <Empty title={trace.live ? "No calls yet" : "No calls in this log"}>
        <p>{noneWords(trace)}</p>
      </Empty>
    );
  const atMost = onlyAtMost(trace.files);
  return (
    <div className="work-body">
      <AnalysisState trace={trace} answer={answer} />
      {data ? (
        <>
          <Figures
            summary={data}
            onLogins={() => patchTrace(trace.id, { tab: "logins" })}
            onFilter={(filter) => showFiltered(trace.id, filter)}
          />
          <Findings findings={data.findings} onRow={(row) => showRow(trace.id, row)} />
          {data.functions.length > 0 ? (
            <section className="section" aria-labelledby="functions">
              <div className="summary-head">
                <h2 id="functions">Functions</h2>
                {atMost ? (
                  <span className="muted">
                    ≤: this log has starting times only; a call took at most until the next one of its thread.
                  </span>
                ) : null}
              </div>
              <FunctionTable
                functions={data.functions}
                atMost={atMost}
                onFunction={(name, errors) => showFiltered(trace.id, `fn:${name}${errors ? " is:error" : ""}`)}
              />
            </section>
          ) : null}
          {data.commands.length > 0 ? (
            <section className="section" aria-labelledby="commands">
              <div className="summary-head">
                <h2 id="commands">Commands to the card</h2>
                <span className="muted">
                  From the command to the card's answer: the time that the card itself took.
                </span>
              </div>
              <FunctionTable
                functions={data.commands}
                what="Command"
                atMost={false}
                onFunction={(name, errors) => showFiltered(trace.id, commandFilter(name, errors))}
              />
            </section>
          ) : null}
          {data.functions.length > 0 ? (
            <div className="columns">
              <ReturnCodes summary={data} onCode={(rv) => showFiltered(trace.id, `rv:${rv}`)} />
              <Programs summary={data} onProcess={(process) => showFiltered(trace.id, `pid:${process}`)} />
            </div>
          ) : null}
        </>
      ) : null}
    </div>
  );
};

const noneWords = ({ live, files }: OpenedTrace): string => {
  if (live) return "As soon as a recorded program makes a call, it is counted here.";
  if (files.some(({ dialect }) => dialect === "opensc-spy"))
    return "The spy was loaded, and no call came through it: either the program made none, or the library behind the spy (PKCS11SPY) could not be loaded. Check its path.";
  return "The log has no PKCS#11 calls. See the Calls tab for what else is in it.";
};

const commandFilter = (name: string, errors: boolean): string =>
  `is:apdu fn:${quoted(name)}${errors ? " is:error" : ""}`;

const ReturnCodes = ({ summary: { returnCodes }, onCode }: { summary: TraceSummary; onCode(rv: string): void }) => (
  <section className="section" aria-labelledby="return-codes">
    <h2 id="return-codes">Return codes</h2>
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">Code</th>
          <th scope="col" className="number">
            Calls
          </th>
          <th scope="col" className="number">
            Errors
          </th>
        </tr>
      </thead>
      <tbody>
        {returnCodes.map(({ rv, count, expected, meaning }) => (
          <tr key={rv}>
            <td>
              <button type="button" className="link mono" onClick={() => onCode(rv)}>
                {rv}
              </button>
              <div className="muted">{meaning}</div>
            </td>
            <td className="number">{number(count)}</td>
            <td className={`number ${count > expected ? "bad" : "muted"}`}>{number(count - expected)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const Programs = ({
  summary: { programs, threads },
  onProcess,
}: {
  summary: TraceSummary;
  onProcess(process: number): void;
}) => (
  <section className="section" aria-labelledby="programs">
    <h2 id="programs">Programs and threads</h2>
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">Process</th>
          <th scope="col" className="number">
            Calls
          </th>
          <th scope="col" className="number">
            Errors
          </th>
          <th scope="col" className="number">
            Sessions
          </th>
          <th scope="col" className="number">
            Logins
          </th>
        </tr>
      </thead>
      <tbody>
        {programs.map(({ program, process, calls, errors, sessions, logins, first, last }) => (
          <tr key={`${program} ${process}`}>
            <td title={program}>
              {process === null ? (
                program === "" ? (
                  "not known"
                ) : (
                  fileName(program)
                )
              ) : (
                <button type="button" className="link" onClick={() => onProcess(process)}>
                  {program === "" ? "" : `${fileName(program)}, `}process {process}
                </button>
              )}
              {first !== null && last !== null ? (
                <div className="muted" title={`${wholeTime(first)} to ${wholeTime(last)}`}>
                  {clockTime(first).slice(0, 8)} to {clockTime(last).slice(0, 8)}
                </div>
              ) : null}
              <Threads threads={threads.filter((thread) => thread.process === process)} />
            </td>
            <td className="number">{number(calls)}</td>
            <td className={`number ${errors > 0 ? "bad" : "muted"}`}>{number(errors)}</td>
            <td className="number">{number(sessions)}</td>
            <td className="number">{number(logins)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

/** Threads of one process, where there are several. */
const Threads = ({ threads }: { threads: TraceSummary["threads"] }) =>
  threads.length < 2 ? null : (
    <details className="threads">
      <summary>{number(threads.length)} threads</summary>
      <ul>
        {threads.map(({ thread, calls }) => (
          <li key={thread}>
            <span className="mono">{thread === "" ? "not named" : thread}</span>{" "}
            <span className="muted">{number(calls)} calls</span>
          </li>
        ))}
      </ul>
    </details>
  );
