import { useActions } from "../frame/actions.tsx";
import { closeTrace, openTrace, showTrace, useTraces } from "./opened.ts";
import type { OpenTask } from "./TraceScreen.tsx";

/** What can be done in the trace screen, whichever trace is in front. */
export const useTraceActions = (setTask: (task: OpenTask) => void): void => {
  const { traces, front } = useTraces();
  const at = traces.findIndex(({ id }) => id === front);
  const step = (by: number) => {
    const places = traces.length + 1;
    showTrace(traces[((at + 1 + by + places) % places) - 1]?.id ?? null);
  };
  useActions("trace", [
    { id: "trace-open", title: "Open a log", group: "Trace", keys: "Ctrl+O", run: () => setTask("files") },
    { id: "trace-paste", title: "Open pasted text", group: "Trace", run: () => setTask("paste") },
    {
      id: "trace-live",
      title: "Watch recordings live",
      group: "Trace",
      run: () => void openTrace({ live: true }, "Live"),
    },
    {
      id: "trace-close",
      title: "Close this trace",
      group: "Trace",
      disabled: front === null,
      run: () => front !== null && closeTrace(front),
    },
    { id: "trace-recordings", title: "Show the recordings", group: "Trace", run: () => showTrace(null) },
    {
      id: "trace-next",
      title: "Next opened trace",
      group: "Trace",
      keys: "]",
      disabled: traces.length === 0,
      run: () => step(1),
    },
    {
      id: "trace-previous",
      title: "Previous opened trace",
      group: "Trace",
      keys: "[",
      disabled: traces.length === 0,
      run: () => step(-1),
    },
  ]);
};
