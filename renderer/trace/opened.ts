import { useSyncExternalStore } from "react";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { Input } from "../../preload/contract/index.ts";
import type { TraceFile, TraceProgress, TraceRow } from "../../preload/contract/trace.ts";
import { call, errorOf, onEvent } from "../client/call.ts";

/** The traces that are open in the window. They outlive the screen: whoever looks at a token meanwhile finds them again. */

export type TraceTab = "summary" | "calls" | "logins" | "timeline" | "compare";

export interface OpenedTrace {
  id: string;
  title: string;
  live: boolean;
  files: TraceFile[];
  progress: TraceProgress;
  /** The first rows, there at once. */
  first: TraceRow[];
  tab: TraceTab;
  filter: string;
  /** Whether the list has only what the filter lets through; otherwise all rows, and keys lead from match to match. */
  only: boolean;
  fold: boolean;
  /** Row that is chosen; null: none. */
  row: number | null;
  /** The generation in which it has this number. */
  rowIn: number;
  /** Grows each time somebody asks to see the chosen row. */
  shown: number;
}

interface State {
  traces: readonly OpenedTrace[];
  /** Id of the trace in front; null: recordings and opening. */
  front: string | null;
  /** Titles of logs that are being opened. */
  opening: readonly string[];
  /** Why the last one could not be opened. */
  error: ErrorData | null;
}

let state: State = { traces: [], front: null, opening: [], error: null };
const listeners = new Set<() => void>();

const change = (next: Partial<State>): void => {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
};

export const useTraces = (): State =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );

export const patchTrace = (id: string, patch: Partial<OpenedTrace>): void =>
  change({ traces: state.traces.map((one) => (one.id === id ? { ...one, ...patch } : one)) });

/** Brings a trace to the front; null: recordings and opening. */
export const showTrace = (id: string | null): void => change({ front: id });

/** Chooses a row and shows it among the calls. A filter that hides it is taken off by the list. */
export const showRow = (id: string, row: number): void => {
  const trace = state.traces.find((one) => one.id === id);
  if (trace) patchTrace(id, { tab: "calls", row, rowIn: trace.progress.generation, shown: trace.shown + 1 });
};

/** Chooses a row where it stands. */
export const chooseRow = (id: string, row: number): void => {
  const trace = state.traces.find((one) => one.id === id);
  if (trace) patchTrace(id, { row, rowIn: trace.progress.generation });
};

/** Shows the calls that a filter lets through. */
export const showFiltered = (id: string, filter: string): void => patchTrace(id, { tab: "calls", filter });

let listening = false;
const listen = (): void => {
  if (listening) return;
  listening = true;
  onEvent("trace.progress", (progress) => {
    const trace = state.traces.find(({ id }) => id === progress.trace);
    if (!trace) return;
    patchTrace(trace.id, { progress });
    // Files that were found later, and what the first look at a file did not tell yet.
    if (trace.live || progress.state !== trace.progress.state) void readFiles(trace.id);
  });
};

const readFiles = async (id: string): Promise<void> => {
  const reply = await call("trace.progress", { trace: id }).catch(() => null);
  const trace = state.traces.find((one) => one.id === id);
  if (!reply || !trace || JSON.stringify(reply.files) === JSON.stringify(trace.files)) return;
  patchTrace(id, { files: reply.files });
};

/**
 * Opens logs or recordings and shows them, behind a tab of their own each time.
 * @param title on the tab
 * @returns whether it is open now; the error is on the screen if not
 */
export const openTrace = async (input: Input<"trace.open">, title: string): Promise<boolean> => {
  listen();
  change({ opening: [...state.opening, title], error: null });
  try {
    const reply = await call("trace.open", input);
    const opened: OpenedTrace = {
      id: reply.trace,
      title,
      live: input.live ?? false,
      files: reply.files,
      progress: reply.progress,
      first: reply.first,
      tab: input.live ? "calls" : "summary",
      filter: "",
      only: true,
      fold: false,
      row: null,
      rowIn: reply.progress.generation,
      shown: 0,
    };
    change({ traces: [...state.traces, opened], front: opened.id });
    // What happened before this reply was known here.
    void call("trace.progress", { trace: opened.id }).then(
      ({ files, progress }) => patchTrace(opened.id, { files, progress }),
      () => {},
    );
    return true;
  } catch (thrown) {
    // Where it is said.
    change({ error: errorOf(thrown), front: null });
    return false;
  } finally {
    const at = state.opening.indexOf(title);
    change({ opening: state.opening.filter((_, index) => index !== at) });
  }
};

export const closeTrace = (id: string): void => {
  const at = state.traces.findIndex((one) => one.id === id);
  const traces = state.traces.filter((one) => one.id !== id);
  const next = traces[Math.min(at, traces.length - 1)]?.id ?? null;
  change({ traces, front: state.front === id ? next : state.front });
  // Nothing of it is on the screen any more; main forgets it at the latest when the app ends.
  call("trace.close", { trace: id }).catch(() => {});
};
