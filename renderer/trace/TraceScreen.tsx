import { useState } from "react";
import { Recordings } from "../recording/Recordings.tsx";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { OpenLogDialog } from "./open/OpenLogDialog.tsx";
import { PasteDialog } from "./open/PasteDialog.tsx";
import { openTrace, useTraces } from "./opened.ts";
import { TraceTabs } from "./TraceTabs.tsx";
import { TraceView } from "./TraceView.tsx";
import { useTraceActions } from "./useTraceActions.ts";
import "./trace.css";

export type OpenTask = "files" | "paste";

/** Recordings and ways to open a log; behind a tab each, the traces that are open. */
export const TraceScreen = () => {
  const { traces, front, opening, error } = useTraces();
  const [task, setTask] = useState<OpenTask | null>(null);
  const trace = traces.find(({ id }) => id === front);
  useTraceActions(setTask);
  return (
    <div className="trace">
      <TraceTabs>
        {trace ? (
          <TraceView key={trace.id} trace={trace} />
        ) : (
          <>
            <header className="work-head">
              <h1>Trace</h1>
              <span className="sub">PKCS#11 calls of this app and of other programs</span>
              <span className="spring" />
              <div className="actions">
                <Button onPress={() => setTask("files")}>Open a log…</Button>
                <Button onPress={() => setTask("paste")}>Paste text…</Button>
                <Button onPress={() => void openTrace({ live: true }, "Live")}>Watch live</Button>
              </div>
            </header>
            <div className="work-body">
              {opening.map((title) => (
                <p key={title} className="muted" role="status">
                  Opening {title} <Elapsed />
                </p>
              ))}
              {error ? <ErrorNotice error={error} /> : null}
              <Recordings />
            </div>
          </>
        )}
      </TraceTabs>
      {task === "files" ? <OpenLogDialog onClose={() => setTask(null)} /> : null}
      {task === "paste" ? <PasteDialog onClose={() => setTask(null)} /> : null}
    </div>
  );
};
