import { useState } from "react";
import type { RecordingRun } from "../../preload/contract/recording.ts";
import { openTrace } from "../trace/opened.ts";
import { Button } from "../ui/Button.tsx";
import { Badge, ErrorNotice, Notice } from "../ui/notices.tsx";
import { useAction } from "../ui/useAction.ts";
import { fileName } from "../ui/words.ts";
import { clock } from "./times.ts";
import { useRuns } from "./useRecording.ts";

/** Programs that were started here: state, output, recordings. The newest is open. */
export const Runs = () => {
  const { data } = useRuns();
  const [opened, setOpened] = useState<Readonly<Record<string, boolean>>>({});
  if (!data || data.runs.length === 0) return null;
  return (
    <section className="section" aria-labelledby="recording-runs">
      <h2 id="recording-runs">Commands run here</h2>
      <ul className="runs">
        {data.runs.map((run, index) => (
          <Run
            key={run.run}
            run={run}
            open={opened[run.run] ?? index === 0}
            onOpen={(open) => setOpened({ ...opened, [run.run]: open })}
          />
        ))}
      </ul>
    </section>
  );
};

const Run = ({ run, open, onOpen }: { run: RecordingRun; open: boolean; onOpen(open: boolean): void }) => {
  const end = useAction("recording.endRun", () => {});
  const running = run.ended === null;
  const recorded = run.modules.filter((module) => module.recorded);
  return (
    <li className="run">
      <div className="run-head">
        <button type="button" className="run-title" aria-expanded={open} onClick={() => onOpen(!open)}>
          <span aria-hidden="true">{open ? "▾" : "▸"}</span>
          <code className="truncate">{run.command}</code>
        </button>
        <Badge look={running ? "accent" : run.exit === "exit code 0" ? "good" : "warn"}>
          {running ? "running" : run.exit}
        </Badge>
        <span className="muted">
          {clock(run.started)}, process {run.process}
        </span>
        {running ? (
          <Button small disabled={end.busy} label={`End ${run.command}`} onPress={() => end.run({ run: run.run })}>
            {end.busy ? "Ending…" : "End"}
          </Button>
        ) : null}
        {run.recordings.length > 0 ? (
          <Button
            small
            label={`Show the calls of ${run.command}`}
            onPress={() =>
              void openTrace({ recordings: run.recordings, live: running }, fileName(run.command.split(" ")[0] ?? ""))
            }
          >
            Show calls
          </Button>
        ) : null}
      </div>
      {end.error ? <ErrorNotice error={end.error} /> : null}
      {open ? (
        <div className="run-body">
          {run.warnings.map((warning) => (
            <Notice key={warning} look="warn">
              <p>{warning}</p>
            </Notice>
          ))}
          {recorded.length > 0 ? (
            <p className="muted">
              Recorded: {[...new Set(recorded.map(({ path }) => path))].join(", ")}
              {run.recordings.length > 1 ? `, in ${run.recordings.length} processes` : ""}
            </p>
          ) : running ? (
            <p className="muted">It has loaded no PKCS#11 module yet.</p>
          ) : null}
          {run.output === "" ? (
            <p className="muted">{running ? "No output yet." : "No output."}</p>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys
            <pre className="run-output" role="log" aria-label={`Output of ${run.command}`} tabIndex={0}>
              {run.output}
            </pre>
          )}
        </div>
      ) : null}
    </li>
  );
};
